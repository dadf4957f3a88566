"""Pages of the office."""

from kabinet.staff.views.answers import answers, edit_answer, new_answer, withdraw_answer
from kabinet.staff.views.audit import audit, specialists
from kabinet.staff.views.calendar import calendar, forget_day
from kabinet.staff.views.contracts import contract, history
from kabinet.staff.views.desk import desk, search
from kabinet.staff.views.doubts import ask_about_doubt, doubt, doubt_photo, doubts, look_at_doubt
from kabinet.staff.views.entrance import factor, set_factor, sign_in, sign_out
from kabinet.staff.views.failures import failures, retry_failure
from kabinet.staff.views.own import password, spare_codes
from kabinet.staff.views.people import person, recovery
from kabinet.staff.views.policy import policy
from kabinet.staff.views.references import branch, new_branch, reference, references
from kabinet.staff.views.tariffs import price_list, price_list_file, take_price_list, tariffs, tariffs_template
from kabinet.staff.views.tickets import (
    answer_ticket,
    close_ticket,
    grant_access,
    note_ticket,
    refuse_access,
    take_ticket,
    ticket,
    ticket_file,
    tickets,
)
from kabinet.staff.views.windows import windows, withdraw_window

__all__ = [
    "answer_ticket",
    "answers",
    "ask_about_doubt",
    "audit",
    "branch",
    "calendar",
    "close_ticket",
    "contract",
    "desk",
    "doubt",
    "doubt_photo",
    "doubts",
    "edit_answer",
    "factor",
    "failures",
    "forget_day",
    "grant_access",
    "history",
    "look_at_doubt",
    "new_answer",
    "new_branch",
    "note_ticket",
    "password",
    "person",
    "policy",
    "price_list",
    "price_list_file",
    "recovery",
    "reference",
    "references",
    "refuse_access",
    "retry_failure",
    "search",
    "set_factor",
    "sign_in",
    "sign_out",
    "spare_codes",
    "specialists",
    "take_price_list",
    "take_ticket",
    "tariffs",
    "tariffs_template",
    "ticket",
    "ticket_file",
    "tickets",
    "windows",
    "withdraw_answer",
    "withdraw_window",
]
