"""How people of P sign up by account, and what their mailboxes get."""

import re
from datetime import timedelta

from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from kabinet.accounts.selectors import current_agreements
from kabinet.accounts.tasks import send_link
from kabinet.contracts.models import SignUpRequest
from kabinet.contracts.tasks import write_sign_up_letter
from kabinet.infra import clock
from kabinet.infra.models import LimitCounter, OutgoingLetter
from tests.accounts.people import FIREFOX

EMAIL = "natalya@example.com"
PASSWORD = "три слова и число 7"
SIGN_UP, SENT, RECOVER = "/p/sign-up/account/", "/p/sign-up/account/sent/", "/p/recover/account/"
OF_HOLDER = {"last_name": "Иванова", "first_name": "Наталья", "middle_name": "Николаевна"}


def browser(address="203.0.113.7"):
    return Client(HTTP_USER_AGENT=FIREFOX, REMOTE_ADDR=address)


def fields(of, **changed):
    """What a person types into the form, with the required boxes ticked."""
    ticked = {kind.value: str(one.pk) for kind, one in current_agreements(of.pk).items() if kind != "advertising"}
    typed = {"mode": "person", "account": "111222333", "email": EMAIL, "meter": "011774", **OF_HOLDER, **ticked}
    return {name: value for name, value in (typed | changed).items() if value != ""}


def sign_up(of, by=None, **changed):
    return (by or browser()).post(SIGN_UP, fields(of, **changed))


def letters():
    """Run the jobs of letters that wait, and return the letters."""
    for request in SignUpRequest.objects.all():
        write_sign_up_letter(str(request.pk))
    for job in ProcrastinateJob.objects.filter(task_name="accounts.send_link", status="todo"):
        send_link(**job.args)
        ProcrastinateJob.objects.filter(pk=job.pk).delete()
    return list(OutgoingLetter.objects.order_by("made_at"))


def link_in(letter):
    return re.search(r"/p/(?:sign-up/password|recover/link)/[\w-]+/", letter.text)[0]


def choose(link, password=PASSWORD, **changed):
    return browser().post(link, {"password": password, "again": password} | changed)


def signed_up(of, **changed):
    """Sign up and choose the password; return the letter's link."""
    sign_up(of, **changed)
    link = link_in(letters()[-1])
    assert "Пароль успешно сменен" in choose(link).content.decode()
    return link


def sign_in(name, password=PASSWORD, **changed):
    return browser().post("/p/sign-in/", {"mode": "person", "email": name, "password": password} | changed)


def minute_passes():
    """Let the window of the shortest limit run out."""
    past = clock.technical_now() - timedelta(seconds=1)
    LimitCounter.objects.filter(name="letter_a_minute").update(window_ends_at=past)
