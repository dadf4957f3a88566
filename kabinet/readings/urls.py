from django.urls import path

from kabinet.readings import views

app_name = "readings"
urlpatterns = [
    path("readings/cold-water/", views.send, name="send"),
    path("readings/archive/", views.archive, name="archive"),
]
