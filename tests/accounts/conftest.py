"""What tests of people need: published agreements, a browser, a mailbox that reads the queue of jobs."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from unittest.mock import Mock

import pytest
from django.http import QueryDict
from django.test import Client, RequestFactory
from procrastinate.contrib.django.models import ProcrastinateJob

from kabinet.accounts import http, tasks
from kabinet.accounts.models import User
from kabinet.accounts.values import AgreementKind
from kabinet.infra import clock
from kabinet.infra.models import LimitCounter, OutgoingLetter
from kabinet.providers.models import Provider
from tests import world
from tests.accounts import people


@pytest.fixture
def agreements(w: Provider) -> dict[AgreementKind, Any]:
    """The three texts of W in their first version."""
    return {kind: people.publish(w, kind) for kind in AgreementKind}


@pytest.fixture
def letters() -> Callable[..., list[dict[str, str]]]:
    """Read the letters that wait to be sent, after doing the jobs that write them."""

    def read(to: str | None = None) -> list[dict[str, str]]:
        for job in ProcrastinateJob.objects.filter(task_name="accounts.send_code", status="todo"):
            tasks.send_code(**job.args)
            ProcrastinateJob.objects.filter(pk=job.pk).delete()
        waiting = OutgoingLetter.objects.order_by("made_at", "pk")
        return [{"to": row.to, "subject": row.subject, "text": row.text} for row in waiting if to in {None, row.to}]

    return read


@pytest.fixture
def minute_passes() -> Callable[[], None]:
    """Let the window of the shortest limit run out."""

    def run_out() -> None:
        past = clock.technical_now() - timedelta(seconds=1)
        LimitCounter.objects.filter(name="letter_a_minute").update(window_ends_at=past)

    return run_out


@pytest.fixture
def typed_on() -> Callable[..., QueryDict | None]:
    """Ask what a page of the browser would be handed back."""

    def ask(browser: Client, path: str, user: User) -> QueryDict | None:
        request: Any = RequestFactory().get(path)
        request.COOKIES = {name: cookie.value for name, cookie in browser.cookies.items()}
        request.provider, request.user, request._messages = world.opened(Provider.objects.get(slug="w")), user, Mock()
        return http.typed_before(request)

    return ask
