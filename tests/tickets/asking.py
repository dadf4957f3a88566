"""Builders of this folder's tests."""

from datetime import timedelta
from typing import Any

from django.test import Client

from kabinet.infra import clock, ids
from kabinet.kernel.actors import Actor, ActorKind, Channel
from kabinet.providers.models import Provider
from kabinet.tickets import services
from kabinet.tickets.forms import new_stamp
from kabinet.tickets.values import Accepted, Contact, Question, TopicText
from tests import world

HERE = "203.0.113.7"
TOPIC = TopicText(code="contract", name="Договор", sections=(("access", "Права доступа"), ("lost", "Не находит")))


def nobody(of: Provider) -> Actor:
    return Actor(ActorKind.ANONYMOUS, provider_id=of.pk, channel=Channel.PUBLIC)


def specialist(of: Provider) -> Actor:
    return Actor(ActorKind.STAFF, id=ids.new(), provider_id=of.pk, channel=Channel.OFFICE)


def question(**changed: Any) -> Question:
    contact = Contact(name="Нина", email="nina@example.com", phone="+73412259259")
    facts: dict[str, Any] = {"subject": "Показание", "text": "Не принимается.", "contact": contact}
    return Question(**(facts | changed))


def ask(of: Provider, *, by: Actor | None = None, key: str = "", address: str = HERE, **changed: Any) -> Accepted:
    facts: dict[str, Any] = {"language": "ru", "at": world.NOW, "today": world.TODAY}
    facts |= {name: changed.pop(name) for name in ("files", *facts) if name in changed}
    return services.ask(
        question(**changed),
        provider=of,
        key=key or str(ids.new()),
        address=address,
        by=by or nobody(of),
        **facts,
    )


def fields(**changed: Any) -> dict[str, Any]:
    """What a person types into the form, a minute after it was opened."""
    facts = {
        "subject": "Показание",
        "text": "Не принимается.",
        "name": "Нина",
        "email": "nina@example.com",
        "phone": "8 (3412) 25-92-59",
        "stamp": new_stamp(clock.technical_now() - timedelta(minutes=1)),
    }
    return facts | changed


def open_browser(address: str = HERE) -> Client:
    return Client(REMOTE_ADDR=address)
