"""Builders of this folder's tests."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from threading import Barrier
from typing import Any

from django.db import connection
from django.test import Client

from kabinet.accounts import services
from kabinet.accounts.models import Agreement, User
from kabinet.accounts.selectors import current_agreements
from kabinet.accounts.values import AgreementKind, Credentials, Newcomer, Place
from kabinet.infra import clock
from kabinet.kernel.actors import Actor, ActorKind
from kabinet.providers.models import Provider
from kabinet.providers.values import Limits
from tests import world

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
CHROME = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36"
)
HERE = Place(address="203.0.113.7", agent=FIREFOX)
PASSWORD = "три слова и число 7"
NEW_PASSWORD = "совсем другие слова 8"


def nobody(of: Provider) -> Actor:
    return Actor(ActorKind.ANONYMOUS, provider_id=of.pk)


def publish(of: Provider, kind: AgreementKind = AgreementKind.TERMS, *, text: str = "Текст.") -> Agreement:
    by = Actor(ActorKind.JOB, provider_id=of.pk)
    return services.publish_agreement(kind, title=f"Документ {kind}", text=text, provider=of, by=by, at=world.NOW)


def newcomer(of: Provider, **changed: Any) -> Newcomer:
    facts: dict[str, Any] = {
        "email": "nina@example.com",
        "password": PASSWORD,
        "last_name": "Новикова",
        "first_name": "Нина",
        "middle_name": "",
        "phone": "+73412259259",
        "organisation": "ООО «Новая»",
        "accepted": frozenset(agreement.pk for agreement in current_agreements(of.pk).values()),
    }
    return Newcomer(**(facts | changed))


def sign_up(of: Provider, *, at: datetime | None = None, place: Place = HERE, **changed: Any) -> None:
    services.sign_up(
        newcomer(of, **changed),
        provider=of,
        place=place,
        language="ru",
        allowed=Limits(),
        by=nobody(of),
        at=at or clock.technical_now(),
    )


def sign_in(
    email: str, of: Provider, *, password: str = world.PASSWORD, place: Place = HERE, at: datetime | None = None
) -> services.Started:
    return services.sign_in(
        Credentials(login=email, password=password),
        provider=of,
        place=place,
        replaces="",
        allowed=Limits(),
        by=nobody(of),
        at=at or clock.technical_now(),
    )


def accept_all(user: User, of: Provider) -> None:
    """Let the person have accepted every text of the provider."""
    enrollment = user.enrollments.get(provider=of)
    for agreement in current_agreements(of.pk).values():
        enrollment.consents.create(agreement=agreement, given_at=world.NOW, address="203.0.113.7", agent=FIREFOX)


def code_in(letter: dict[str, Any]) -> str:
    found = re.search(r"^(\d{6})$", letter["text"], re.MULTILINE)
    assert found
    return found[1]


def sign_up_fields(of: Provider, **changed: str) -> dict[str, str]:
    """What a person types into the form, with every box ticked."""
    fields: dict[str, str] = {
        "organisation": "ООО «Новая»",
        "last_name": "Новикова",
        "first_name": "Нина",
        "middle_name": "Павловна",
        "phone": "8 (3412) 25-92-59",
        "email": "nina@example.com",
        "password": PASSWORD,
        "again": PASSWORD,
        **{kind.value: str(agreement.pk) for kind, agreement in current_agreements(of.pk).items()},
    }
    return {name: value for name, value in (fields | changed).items() if value != ""}


def open_browser(agent: str = FIREFOX, address: str = "203.0.113.7") -> Client:
    return Client(HTTP_USER_AGENT=agent, REMOTE_ADDR=address)


def signed_in_browser(user: User, of: Provider, *, agent: str = FIREFOX) -> Client:
    browser = open_browser(agent)
    answer = browser.post(f"/{of.slug}/sign-in/", {"email": user.email, "password": world.PASSWORD})
    assert answer.status_code == 302, answer.content.decode()
    return browser


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """Start the acts together, each on its own connection, and return what each gave or raised."""
    barrier = Barrier(len(acts))

    def run(act: Callable[[], Any]) -> Any:
        try:
            barrier.wait(timeout=10)
            return act()
        except Exception as fault:  # noqa: BLE001 - the test looks at it
            return fault
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))
