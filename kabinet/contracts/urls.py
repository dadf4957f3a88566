from django.urls import path

from kabinet.contracts import views

app_name = "contracts"
urlpatterns = [
    path("contracts/", views.contracts, name="list"),
    path("profile/contracts/", views.contracts_of_profile, name="of_profile"),
    path("contracts/link/", views.link, name="link"),
    path("contracts/<uuid:contract_id>/unlink/", views.unlink, name="unlink"),
]
