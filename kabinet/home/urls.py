from django.urls import path

from kabinet.home import views

app_name = "home"
urlpatterns = [
    path("", views.front, name="front"),
    path("profile/delete/", views.close_account, name="close_account"),
    path("start/", views.start, name="start"),
]
