"""Use cases of people: signing up, in and out, passwords, agreements, sessions."""

from kabinet.accounts.services.agreements import accept_agreements, publish_agreement
from kabinet.accounts.services.cleaning import forget_expired
from kabinet.accounts.services.closing import PasswordWrong, close_part, hold_for_closing
from kabinet.accounts.services.codes import CodeRefused, send_code
from kabinet.accounts.services.consents import ConsentMissing
from kabinet.accounts.services.email_change import (
    AddressTaken,
    NothingToConfirm,
    SameAddress,
    ask_to_change,
    change_email,
    give_up_change,
    send_change_code_again,
)
from kabinet.accounts.services.emails import confirm_and_sign_in, confirm_email, send_code_again
from kabinet.accounts.services.kept import TooMuchTyped, drop_input, keep_input, keep_over_reload
from kabinet.accounts.services.languages import choose_language
from kabinet.accounts.services.parts import PartClosed
from kabinet.accounts.services.passwords import (
    OldPasswordWrong,
    change_password,
    choose_password,
    finish_recovery,
    start_recovery,
)
from kabinet.accounts.services.profile import (
    ChangedMeanwhile,
    change_phone,
    choose_letters,
    edit_profile,
    personal_data_of,
)
from kabinet.accounts.services.sessions import Started, end_session, note_seen, sign_out
from kabinet.accounts.services.sign_in import FirstPasswordRefused, SignInRefused, sign_in
from kabinet.accounts.services.sign_up import SignUpClosed, sign_up

__all__ = [
    "AddressTaken",
    "ChangedMeanwhile",
    "CodeRefused",
    "ConsentMissing",
    "FirstPasswordRefused",
    "NothingToConfirm",
    "OldPasswordWrong",
    "PartClosed",
    "PasswordWrong",
    "SameAddress",
    "SignInRefused",
    "SignUpClosed",
    "Started",
    "TooMuchTyped",
    "accept_agreements",
    "ask_to_change",
    "change_email",
    "change_password",
    "change_phone",
    "choose_language",
    "choose_letters",
    "choose_password",
    "close_part",
    "confirm_and_sign_in",
    "confirm_email",
    "drop_input",
    "edit_profile",
    "end_session",
    "finish_recovery",
    "forget_expired",
    "give_up_change",
    "hold_for_closing",
    "keep_input",
    "keep_over_reload",
    "note_seen",
    "personal_data_of",
    "publish_agreement",
    "send_change_code_again",
    "send_code",
    "send_code_again",
    "sign_in",
    "sign_out",
    "sign_up",
    "start_recovery",
]
