from django.urls import path

from kabinet.readings import views

app_name = "readings"
urlpatterns = [
    path("readings/cold-water/", views.send, name="send"),
    path("readings/sewage-volumes/", views.send_volumes, name="volumes"),
    path("readings/archive/", views.archive, name="archive"),
    path("readings/archive/sewage-volumes/", views.archive_volumes, name="archive_volumes"),
]
