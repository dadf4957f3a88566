from django.urls import path

from kabinet.tickets import views

app_name = "tickets"
urlpatterns = [
    path("feedback/", views.feedback, name="feedback"),
    path("feedback/accepted/<str:token>/", views.accepted, name="accepted"),
    path("tickets/files/<uuid:file_id>/", views.file, name="file"),
]
