"""Names of `authz.yml` that stand for no thing of anybody: keys, values, what a form asks for."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Final

from kabinet.accounts.rules.profile import mark_of
from kabinet.accounts.services import personal_data_of
from kabinet.infra import ids
from kabinet.tickets.forms import new_stamp
from tests import world
from tests.authz.town import Town


def _stamp(_town: Town) -> str:
    """Return what a page of «Обратная связь» carried that was opened a minute ago."""
    return new_stamp(datetime.now(UTC) - timedelta(minutes=1))


def _profile_mark(town: Town) -> str:
    """Return the mark that the page of a profile carries of what it showed."""
    person = town.people["manager"]
    return mark_of(personal_data_of(person.user.enrollments.get(provider=person.provider)))


WORDS: Final[dict[str, Callable[[Town], str]]] = {
    "key": lambda _town: str(ids.new()),
    "stamp": _stamp,
    "password": lambda _town: world.PASSWORD,
    "loose_inn": lambda town: town.loose.inn,
    "loose_number": lambda town: town.loose.number,
    "loose_meter": lambda town: town.loose.meters.get().number,
    "terms": lambda town: town.w.things["terms agreement"],
    "personal_data": lambda town: town.w.things["personal_data agreement"],
    "policy": lambda town: town.policy,
    "own_billed": lambda town: town.own.things["billed_contract"],
    "own_number": lambda town: town.own.contract.number,
    "profile_mark": _profile_mark,
    "reading": lambda _town: "00240",
    "section": lambda town: town.w.things["ticket_section"],
    "service": lambda town: town.w.things["ordered service"],
    "volume": lambda _town: "12,5",
}
