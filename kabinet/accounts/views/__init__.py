"""Pages of people."""

from kabinet.accounts.views.agreements import accept_agreements, agreement
from kabinet.accounts.views.email_change import email, give_up_email, prove_email, send_proof_again
from kabinet.accounts.views.introduction import introduce, introduce_phone
from kabinet.accounts.views.links import recover_link
from kabinet.accounts.views.passwords import password, recover, recover_code
from kabinet.accounts.views.profile import edit_profile, letters, phone, profile
from kabinet.accounts.views.sessions import end_session, sessions, sign_in, sign_out
from kabinet.accounts.views.sign_up import confirm_email, send_code_again, sign_up

__all__ = [
    "accept_agreements",
    "agreement",
    "confirm_email",
    "edit_profile",
    "email",
    "end_session",
    "give_up_email",
    "introduce",
    "introduce_phone",
    "letters",
    "password",
    "phone",
    "profile",
    "prove_email",
    "recover",
    "recover_code",
    "recover_link",
    "send_code_again",
    "send_proof_again",
    "sessions",
    "sign_in",
    "sign_out",
    "sign_up",
]
