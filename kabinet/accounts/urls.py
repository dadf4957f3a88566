from django.urls import path

from kabinet.accounts import views

app_name = "accounts"
urlpatterns = [
    path("sign-up/", views.sign_up, name="sign_up"),
    path("confirm-email/", views.confirm_email, name="confirm_email"),
    path("confirm-email/again/", views.send_code_again, name="send_code_again"),
    path("sign-in/", views.sign_in, name="sign_in"),
    path("sign-out/", views.sign_out, name="sign_out"),
    path("recover/", views.recover, name="recover"),
    path("recover/code/", views.recover_code, name="recover_code"),
    path("recover/link/<str:token>/", views.recover_link, name="recover_link"),
    path("agreements/accept/", views.accept_agreements, name="accept_agreements"),
    path("agreements/<str:kind>/", views.agreement, name="agreement"),
    path("agreements/<str:kind>/<int:version>/", views.agreement, name="agreement_version"),
    path("introduction/", views.introduce, name="introduce"),
    path("introduction/phone/", views.introduce_phone, name="introduce_phone"),
    path("profile/", views.profile, name="profile"),
    path("profile/edit/", views.edit_profile, name="edit_profile"),
    path("profile/phone/", views.phone, name="phone"),
    path("profile/email/", views.email, name="email"),
    path("profile/email/confirm/", views.prove_email, name="prove_email"),
    path("profile/email/again/", views.send_proof_again, name="send_proof_again"),
    path("profile/email/keep/", views.give_up_email, name="give_up_email"),
    path("profile/letters/", views.letters, name="letters"),
    path("profile/password/", views.password, name="password"),
    path("profile/sessions/", views.sessions, name="sessions"),
    path("profile/sessions/<uuid:public_id>/end/", views.end_session, name="end_session"),
]
