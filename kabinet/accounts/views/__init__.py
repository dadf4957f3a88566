"""Pages of people."""

from kabinet.accounts.views.agreements import accept_agreements, agreement
from kabinet.accounts.views.passwords import password, recover, recover_code
from kabinet.accounts.views.sessions import end_session, sessions, sign_in, sign_out
from kabinet.accounts.views.sign_up import confirm_email, send_code_again, sign_up

__all__ = [
    "accept_agreements",
    "agreement",
    "confirm_email",
    "end_session",
    "password",
    "recover",
    "recover_code",
    "send_code_again",
    "sessions",
    "sign_in",
    "sign_out",
    "sign_up",
]
