from django.urls import path

from kabinet.contracts import views

app_name = "contracts"
urlpatterns = [
    path("sign-up/account/", views.sign_up, name="sign_up"),
    path("sign-up/account/sent/", views.signed_up, name="signed_up"),
    path("sign-up/password/<str:token>/", views.sign_up_password, name="sign_up_password"),
    path("recover/account/", views.recover, name="recover"),
    path("recover/account/sent/", views.recover_sent, name="recover_sent"),
    path("contracts/link-account/", views.link_account, name="link_account"),
    path("contracts/", views.contracts, name="list"),
    path("profile/contracts/", views.contracts_of_profile, name="of_profile"),
    path("contracts/link/", views.link, name="link"),
    path("contracts/add/", views.add, name="add"),
    path("contracts/confirm/<str:token>/", views.confirm, name="confirm"),
    path("contracts/requests/<uuid:request_id>/write-again/", views.write_again, name="write_again"),
    path("contracts/requests/<uuid:request_id>/cancel/", views.cancel, name="cancel"),
    path("contracts/<uuid:contract_id>/", views.card, name="card"),
    path("contracts/<uuid:contract_id>/file/", views.card_file, name="card_file"),
    path("contracts/annexes/<uuid:annex_id>/", views.annex, name="annex"),
    path("contracts/<uuid:contract_id>/unlink/", views.unlink, name="unlink"),
    path("contracts/<uuid:contract_id>/people/", views.people, name="people"),
    path("contracts/<uuid:contract_id>/people/add/", views.grant, name="grant"),
    path("contracts/<uuid:contract_id>/people/<uuid:membership_id>/", views.change_role, name="change_role"),
    path("contracts/<uuid:contract_id>/people/<uuid:membership_id>/revoke/", views.revoke, name="revoke"),
    path("contracts/<uuid:contract_id>/people/<uuid:membership_id>/letter/", views.repeat_letter, name="role_letter"),
]
