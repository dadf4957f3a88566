"""Use cases of people: signing up, in and out, passwords, agreements, sessions."""

from kabinet.accounts.services.agreements import accept_agreements, publish_agreement
from kabinet.accounts.services.cleaning import forget_expired
from kabinet.accounts.services.codes import CodeRefused, send_code
from kabinet.accounts.services.consents import ConsentMissing
from kabinet.accounts.services.emails import confirm_and_sign_in, confirm_email, send_code_again
from kabinet.accounts.services.kept import TooMuchTyped, drop_input, keep_input
from kabinet.accounts.services.languages import choose_language
from kabinet.accounts.services.passwords import OldPasswordWrong, change_password, finish_recovery, start_recovery
from kabinet.accounts.services.sessions import Started, end_session, note_seen, sign_out
from kabinet.accounts.services.sign_in import SignInRefused, sign_in
from kabinet.accounts.services.sign_up import SignUpClosed, sign_up

__all__ = [
    "CodeRefused",
    "ConsentMissing",
    "OldPasswordWrong",
    "SignInRefused",
    "SignUpClosed",
    "Started",
    "TooMuchTyped",
    "accept_agreements",
    "change_password",
    "choose_language",
    "confirm_and_sign_in",
    "confirm_email",
    "drop_input",
    "end_session",
    "finish_recovery",
    "forget_expired",
    "keep_input",
    "note_seen",
    "publish_agreement",
    "send_code",
    "send_code_again",
    "sign_in",
    "sign_out",
    "sign_up",
    "start_recovery",
]
