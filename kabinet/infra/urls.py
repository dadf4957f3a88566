from django.urls import path

from kabinet.infra import views

app_name = "infra"

urlpatterns = [
    path("livez", views.livez, name="livez"),
    path("readyz", views.readyz, name="readyz"),
]
