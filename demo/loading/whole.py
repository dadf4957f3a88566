"""The whole demonstration, loaded once; killed at any point it is taken up where it stopped."""

import json
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import Any, Final

from demo import contracts as ordinary
from demo.content import publish_content
from demo.crowd import METERS_A_CONTRACT, ROWS_A_CONTRACT
from demo.loading import billing, office, papers, people, providers, roles, tariffs
from demo.loading.billing import Tally
from demo.loading.gathered import Gathered
from demo.makers import contracts_of, crowd_of
from demo.periods import periods
from demo.sheet import first_contracts, provider_sheet
from demo.users import users
from demo.utilities import UTILITIES, P
from demo.values import SOURCE, DemoContract, Seed, Trade, Utility
from kabinet.accounts.models import Agreement
from kabinet.contracts.models import Contract
from kabinet.exchange.models import Partner
from kabinet.exchange.services import first
from kabinet.exchange.values import entities
from kabinet.exchange.values.sheets import Sheet
from kabinet.kernel.actors import Actor, ActorKind
from kabinet.kernel.calendar import WorkCalendar
from kabinet.kernel.periods import Month
from kabinet.providers.models import BillingPeriod, Provider
from sandbox.billing import truth
from sandbox.billing.tables import open_books
from sandbox.billing.truth import Owner
from sandbox.clock import Clock
from sandbox.database import Database
from sandbox.demo.logins import Addresses, sheet
from sandbox.settings import billing_file

Say = Callable[[str], object]
TOLD_EVERY: Final = 1_000
LOOKED_BACK: Final = 12


@dataclass(frozen=True, slots=True)
class Order:
    """What is loaded, and where the rest of the demonstration is."""

    size: int
    data: Path
    addresses: Addresses
    keys: Mapping[str, str]
    at: datetime
    # How many months of readings the contracts after the first thousand have.
    months: int = 0
    households: int = P.contracts

    @property
    def utilities(self) -> list[Utility]:
        """Return the utilities, the retailer for households with as many of them as are asked for."""
        return [
            replace(each, contracts=self.households) if each.trade is Trade.HOUSEHOLDS else each for each in UTILITIES
        ]

    @property
    def sheet_file(self) -> Path:
        return self.data / "logins.json"


@dataclass(frozen=True, slots=True)
class Place:
    """One utility on its way into the database."""

    utility: Utility
    provider: Provider
    partner: Partner
    seed: Seed
    size: int
    gathered: Gathered = field(default_factory=Gathered)

    @property
    def generation(self) -> str:
        """Return what tells this database from another one."""
        return str(self.provider.pk)

    @property
    def is_ahead(self) -> bool:
        """Say whether rows are made while the portal takes those before: it pays where making them takes its time."""
        return self.utility.trade is Trade.HOUSEHOLDS

    @property
    def books_since(self) -> Month | None:
        """Return since when billing keeps readings; of households it knows the state of each account besides."""
        return Month.of(self.seed.today).plus(-LOOKED_BACK) if self.utility.trade is Trade.HOUSEHOLDS else None

    def told(self, *, at: datetime) -> Iterator[billing.Part]:
        """Give the contracts that are made one by one, papers uploaded before."""
        for contract in contracts_of(self.utility, size=self.size, seed=self.seed):
            self.gathered.take(contract)
            yield from papers.uploaded(contract, partner=self.partner, at=at).rows

    @property
    def crowd(self) -> Iterator[Sheet]:
        """Give the contracts behind them, by columns."""
        for sheets in crowd_of(self.utility, size=self.size, seed=self.seed):
            yield from sheets

    @property
    def periods(self) -> Iterator[billing.Part]:
        """Give the provider's months, last of all: where they are, all is."""
        yield from periods(self.utility.window, self.seed.today, calendar=WorkCalendar())

    @property
    def rows_of_crowd(self) -> int:
        """Say about how many rows the crowd has."""
        count = self.utility.contracts * self.size - ordinary.WITH_HISTORY if self.utility.trade is Trade.WATER else 0
        readings = self.seed.months + 1 if self.seed.months else 0
        return round(max(0, count) * (ROWS_A_CONTRACT + METERS_A_CONTRACT * readings))


def load(order: Order, *, say: Say) -> None:
    """Load what is missing; on a loaded database only bring the sheet of logins up to date."""
    places = [_prepared(utility, order) for utility in order.utilities]
    books = open_books(billing_file(order.data))
    for place in places:
        _load_billing(place, books, order, say=say)
    if not _has_sheet(order, places):
        firsts = [_first(place) for place in places]
        for place, first in zip(places, firsts, strict=True):
            _load_people(place, first, order)
        _write(order, places, [_sheet_of(place, first, order) for place, first in zip(places, firsts, strict=True)])
        say("пользователи демонстрации заведены")
    _refresh(order, places, books)


@dataclass(slots=True)
class Tallies:
    """What went in apart: contracts with years of readings, and the crowd behind them."""

    told: Tally = field(default_factory=Tally)
    crowd: Tally = field(default_factory=Tally)


def _load_billing(place: Place, books: Database, order: Order, *, say: Say) -> None:
    """Tell portal and billing's own books what is missing there; rows are made once for both."""
    is_told = BillingPeriod.objects.filter(provider=place.provider, source_version__gt=0).exists()
    tallies = Tallies()
    rows = _made(place, order) if is_told else _counted(_sent(place, order, tallies), place, say=say)
    if not truth.has_books(books, place.utility.slug, generation=place.generation):
        truth.begin_books(books, _owner(place), rows, since=place.books_since, beside=place.gathered.begin_accounts)
    elif not is_told:
        deque(rows, maxlen=0)
    _say_how_many(place, None if is_told else tallies, say=say)


def _made(place: Place, order: Order) -> Iterator[billing.Part]:
    yield from place.told(at=order.at)
    yield from place.crowd
    yield from place.periods


def _sent(place: Place, order: Order, tallies: Tallies) -> Iterator[billing.Part]:
    """Send what billing owns; a crowd goes into tables without keys where that is sooner."""
    slug, send = place.utility.slug, partial(billing.sending, partner=place.partner, at=order.at)
    yield from send(place.told(at=order.at), name=slug, tally=tallies.told, is_ahead=place.is_ahead)
    kind = _kind_of_load(place)
    if kind is None:
        yield from send(place.crowd, name=f"{slug}/crowd", tally=tallies.crowd)
    else:
        yield from billing.sending_first(kind, place.crowd, partner=place.partner, at=order.at, tally=tallies.crowd)
    yield from send(place.periods, name=f"{slug}/periods")


def _kind_of_load(place: Place) -> first.Kind | None:
    """Say which tables are without keys while the crowd comes in; a crowd that is there already changes nothing."""
    if Contract.objects.filter(provider=place.provider).count() > ordinary.WITH_HISTORY:
        return None
    kinds = (first.Kind.EVERYTHING, first.Kind.CONTRACTS) if place.seed.months else (first.Kind.CONTRACTS,)
    return next((kind for kind in kinds if first.is_worth_it(kind, rows=place.rows_of_crowd)), None)


def _counted(rows: Iterator[billing.Part], place: Place, *, say: Say) -> Iterator[billing.Part]:
    """Pass rows on; where there are thousands of contracts, say how far it is."""
    done, awaited = 0, place.utility.contracts * place.size
    for row in rows:
        yield row
        before, done = done, done + _contracts_in(row)
        if done // TOLD_EVERY > before // TOLD_EVERY and done < awaited:
            say(f"{place.utility.short_name}: договоров {done} из {awaited}")


def _contracts_in(part: billing.Part) -> int:
    if isinstance(part, Sheet):
        return len(part) if part.entity == "contract" else 0
    return isinstance(part, entities.Contract)


def _say_how_many(place: Place, tallies: Tallies | None, *, say: Say) -> None:
    count = Contract.objects.filter(provider=place.provider).count()
    if tallies:
        say(f"{place.utility.short_name}: загружено договоров: {count}{_speed(tallies.told)}{_speed(tallies.crowd)}")
    elif place.size > 1 and count != place.utility.contracts * place.size:
        say(f"{place.utility.short_name}: договоров уже {count}; другой размер даст загрузка заново, --fresh")


def _speed(tally: Tally) -> str:
    """Say how quickly rows went into the tables, where there were enough to tell."""
    if tally.contracts < TOLD_EVERY:
        return ""
    contracts, rows = tally.speed
    return f"; в таблицы {tally.contracts} — {contracts} договоров в секунду ({rows} строк), {tally.seconds:.1f} с"


def _prepared(utility: Utility, order: Order) -> Place:
    provider = providers.provider_of(utility)
    providers.publish_agreements(provider, at=order.at)
    tariffs.publish(utility, provider)
    publish_content(provider, by=Actor(ActorKind.JOB, provider_id=provider.pk), at=order.at)
    partner = providers.partner_of(provider, token=order.keys.get(utility.slug, ""))
    seed = Seed(_day_of_loading(provider), months=order.months)
    # It is the water companies that grow: bills of years are made one by one, and take their time.
    size = order.size if utility.trade is Trade.WATER else 1
    return Place(utility, provider, partner, seed, size)


def _day_of_loading(provider: Provider) -> date:
    """Return the day on which the loading began, so that one taken up later makes the same rows."""
    began_at = Agreement.objects.filter(provider=provider, version=1).earliest("published_at").published_at
    return began_at.astimezone(provider.zone).date()


def _owner(place: Place) -> Owner:
    utility = place.utility
    return Owner(utility.slug, place.generation, utility.name, SOURCE, utility.zone_name, utility.window)


def _load_people(place: Place, first: list[DemoContract], order: Order) -> None:
    everybody = users(place.utility.slug, first)
    for user in everybody:
        people.settle(user, utility=place.utility, provider=place.provider, at=order.at)
    specialist = office.specialist_of(place.provider, at=order.at)
    roles.give(everybody, provider=place.provider, specialist=specialist, at=order.at)


def _sheet_of(place: Place, first: list[DemoContract], order: Order) -> dict[str, Any]:
    today = order.at.astimezone(place.utility.zone).date()
    portal = order.addresses.portal
    written = provider_sheet(place.utility, first, base_url=portal, today=today)
    return {**written, "specialists": [office.settle(place.provider, base_url=portal, at=order.at)]}


def _first(place: Place) -> list[DemoContract]:
    return place.gathered.firsts or first_contracts(contracts_of(place.utility, size=place.size, seed=place.seed))


def _has_sheet(order: Order, places: list[Place]) -> bool:
    try:
        written = json.loads(order.sheet_file.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return False
    return bool(written.get("generation") == [place.generation for place in places])


def _refresh(order: Order, places: list[Place], books: Database) -> None:
    """Tell addresses, windows and previous values as they are now."""
    clock = Clock(order.at - datetime.now(UTC))
    now = sheet(order.sheet_file, books=books, clock=clock, addresses=order.addresses)
    _write(order, places, now["providers"], head=now)


def _write(
    order: Order, places: list[Place], written: list[dict[str, Any]], *, head: dict[str, Any] | None = None
) -> None:
    """Write the sheet whole or not at all."""
    facts = {**(head or {}), "providers": written, "generation": [place.generation for place in places]}
    order.data.mkdir(parents=True, exist_ok=True)
    beside = order.sheet_file.with_suffix(".new")
    beside.write_text(json.dumps(facts, ensure_ascii=False, indent=1), encoding="utf-8")
    beside.replace(order.sheet_file)
