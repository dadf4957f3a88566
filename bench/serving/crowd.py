"""A water company of any size, made inside the database: each person holds one contract with one meter.

Everything is named by its number, so that who sends load needs no list: `token(17)` opens the session of person 17,
`id_of("e", 17)` is the register on his contract.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from django.contrib.auth.hashers import make_password
from django.db import connection, models
from psycopg.sql import Literal

from bench.serving.keys import laid_aside
from kabinet.accounts.models import Enrollment, Session, User
from kabinet.accounts.selectors import key_of
from kabinet.contracts.models import Contract, Membership, Meter, Register, SupplyPoint
from kabinet.infra import clock
from kabinet.infra.models import AuditRow, Event, IdempotencyKey, UnanchoredRow
from kabinet.kernel.periods import Month
from kabinet.providers.models import BillingPeriod, PolicyVersion, Provider, ProviderHost
from kabinet.providers.selectors import OpenProvider, provider_by_slug
from kabinet.providers.values import DeadlineDay
from kabinet.readings.models import Reading, Submission
from kabinet.readings.rules.windows import current_window

Say = Callable[[str], object]
MONTHS: Final = 24
SLUG: Final = "bench"
HOST: Final = "bench.example"
PASSWORD: Final = "десять вёдер воды 7"  # noqa: S105 - of nobody
POLICY: Final = {
    "sections": ["link_contract", "readings", "sewage_volumes", "archive", "contracts", "reconciliation_acts"],
    "sign_up": "legal_entity",
    "recovery": "code",
    "linking": "inn_and_number",
    "window": {"type": "deadline_day"},
}
LONG_AGO: Final = datetime(2020, 1, 1, tzinfo=UTC)
FIRST_VALUE: Final = 1000
PER_MONTH: Final = 10
FIRST_NAME, LAST_NAME = "Анна", "Петрова"
FIRST_METER: Final = 300_000
MAKE: Final = "VLF-R-1.5"
DUE: Final = date(2031, 5, 1)
STREET: Final = "г. Ижевск, ул. Пушкинская, д. "
LIMIT: Final = 72
# An id is its table's letter and its row's number.
_ID: Final = "{letter:0<8}-0000-4000-8000-"
_SENT: Final = (Submission, Event, AuditRow, UnanchoredRow, IdempotencyKey)
_FILLED: Final = (User, Enrollment, Session, Contract, SupplyPoint, Meter, Register, Membership, Reading)


@dataclass(frozen=True, slots=True)
class Crowd:
    """What was made: persons 1…size, and the month that they may send readings of today."""

    provider: OpenProvider
    size: int
    months: int
    month: Month

    @property
    def prefix(self) -> str:
        """Return the beginning of all addresses on a shared host; on `HOST` they have none."""
        return f"/{SLUG}"

    @property
    def next_value(self) -> int:
        """Return the reading that follows the last accepted one as usual."""
        return FIRST_VALUE + PER_MONTH * (self.months + 1)


def token(number: int) -> str:
    """Return what the session's cookie of a person holds."""
    return f"token-{number}"


def session_key(number: int) -> str:
    """Return what the database knows of the token."""
    return key_of(token(number))


def email(number: int) -> str:
    """Return the address by which a person signs in, with `PASSWORD`."""
    return f"person-{number}@example.com"


def id_of(letter: str, number: int) -> str:
    """Return an id: `a` is the person, `c` his contract, `b` point, `d` meter, `e` register."""
    return f"{_ID.format(letter=letter)}{number:012x}"


def id_sql(letter: str, number: str = "n") -> str:
    """Return the same as SQL says it of a number."""
    return f"('{_ID.format(letter=letter)}' || lpad(to_hex({number}), 12, '0'))::uuid"


def key_sql(number: str = "n") -> str:
    """Return the session's key as SQL says it of a number."""
    return f"encode(sha256(convert_to('token-' || {number}, 'UTF8')), 'hex')"


def fill(contracts: int, months: int = MONTHS, *, say: Say = print) -> Crowd:
    """Fill the empty tables with so many persons and contracts, each with readings of so many months."""
    provider, month, deadline_day = _opened()
    with laid_aside(_FILLED):
        started = time.monotonic()
        _contracts(contracts, provider, deadline_day=deadline_day)
        _people(contracts, provider)
        for ago in reversed(range(months)):
            _readings(contracts, provider, month=month.previous.plus(-ago), ago=ago, months=months)
        say(f"{contracts:,} contracts, {contracts * months:,} readings: rows {time.monotonic() - started:.0f} s")
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)")
    say(f"keys, indexes and statistics after {time.monotonic() - started:.0f} s")
    return Crowd(provider, contracts, months, month)


def empty() -> None:
    """Take everything out again."""
    _truncate(*_FILLED, *_SENT, Provider)


def forget_sent() -> None:
    """Take out what people have sent: each stretch of load finds the same tables."""
    _truncate(*_SENT)


def _truncate(*rows: type[models.Model]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {', '.join(model._meta.db_table for model in rows)} CASCADE")


def _opened() -> tuple[OpenProvider, Month, int]:
    """Make the provider; return with it the month, and the deadline day, for which readings are awaited today."""
    row = Provider.objects.create(
        slug=SLUG, name="МУП «Водоканал»", short_name="Водоканал", portal_title="Личный кабинет абонента",
        inn="1831000009", zone_name="Europe/Samara", colour="#0b5cad", accent="#19b5c9",
    )  # fmt: skip
    ProviderHost.objects.create(host=HOST, provider=row)
    PolicyVersion.objects.create(provider=row, version=1, body=POLICY, valid_from=LONG_AGO)
    provider = provider_by_slug(SLUG, at=clock.now())
    if provider is None:
        raise AssertionError
    today = clock.today(row.zone)
    month, deadline_day = open_window(provider, today)
    BillingPeriod.objects.create(provider=row, month=month.first)
    return provider, month, deadline_day


def open_window(provider: OpenProvider, today: date) -> tuple[Month, int]:
    """Return the month and the deadline day of contracts whose window holds today and closes last."""
    windows = [
        (current_window(DeadlineDay(), today, calendar=provider.calendar, deadline_day=day), day)
        for day in range(1, 32)
    ]  # fmt: skip
    window, day = max((pair for pair in windows if pair[0].holds(today)), key=lambda pair: pair[0].closes or today)
    return window.month, day


def _contracts(count: int, provider: OpenProvider, *, deadline_day: int) -> None:
    names = {"provider_id": provider.row.pk, "source": "billing", "version": 1, "valid_from": date(2020, 1, 1)}
    billing = {"external_id": Sql("n::text"), **names}
    contract = {"contract_id": Sql(id_sql("c"))}
    _fill(
        Contract, count, id=Sql(id_sql("c")), number=Sql("'ХВС-' || n"), kind="business",
        customer_number=Sql("n::text"), customer_name=Sql("'ООО «Абонент ' || n || '»'"), inn="1831000009",
        deadline_day=deadline_day, **billing,
    )  # fmt: skip
    _fill(
        SupplyPoint, count, id=Sql(id_sql("b")), code=Sql("n::text"),
        address=Sql(f"'{STREET}' || n"), **contract, **billing,
    )  # fmt: skip
    _fill(
        Meter, count, id=Sql(id_sql("d")), point_id=Sql(id_sql("b")), number=Sql(f"({FIRST_METER} + n)::text"),
        make=MAKE, resource="cold_water", verification_due=DUE, **contract, **billing,
    )  # fmt: skip
    _fill(
        Register, count, id=Sql(id_sql("e")), meter_id=Sql(id_sql("d")), quantity="V", zone="single", integer_digits=5,
        fraction_digits=3, physical_limit_per_day=LIMIT, **contract, **billing,
    )  # fmt: skip


def _people(count: int, provider: OpenProvider) -> None:
    at = clock.technical_now()
    of = {"provider_id": provider.row.pk, "user_id": Sql(id_sql("a"))}
    _fill(
        User, count, id=Sql(id_sql("a")), email=Sql("'person-' || n || '@example.com'"), email_confirmed_at=at,
        password=make_password(PASSWORD), first_name=FIRST_NAME, last_name=LAST_NAME, phone="+73412259259",
        joined_at=at,
    )  # fmt: skip
    _fill(
        Enrollment, count, id=Sql(id_sql("f")), category="legal", organisation="ООО «Абонент»", position="Энергетик",
        joined_at=at, **of,
    )  # fmt: skip
    # Seen a day ahead: a visit under way is measured, and whose session is noted again once in five minutes.
    _fill(
        Session, count, key=Sql(key_sql()), public_id=Sql(id_sql("9")), started_at=at, seen_at=at + timedelta(days=1),
        expires_at=at + timedelta(days=2), address="127.0.0.1", agent="bench", enrollment_id=Sql(id_sql("f")), **of,
    )  # fmt: skip
    _fill(
        Membership, count, id=Sql(id_sql("8")), user_id=Sql(id_sql("a")), contract_id=Sql(id_sql("c")), role="manager",
        granted_at=at,
    )  # fmt: skip


def _readings(count: int, provider: OpenProvider, *, month: Month, ago: int, months: int) -> None:
    """Fill a month after the other, as billing brings them: the readings of a contract lie far apart."""
    value = FIRST_VALUE + PER_MONTH * (months - ago)
    _fill(
        Reading, count, id=Sql(id_sql(f"7{ago:07x}")), contract_id=Sql(id_sql("c")), provider_id=provider.row.pk,
        register_id=Sql(id_sql("e")), source_system="billing", external_id=Sql(f"n || '-{month}'"), version=1,
        month=month.first, taken_on=month.day(25), value=value, source="customer",
    )  # fmt: skip


class Sql(str):
    """An expression over the number `n` of the row."""

    __slots__ = ()


def _fill(model: type[models.Model], count: int, **given: object) -> None:
    """Insert so many rows, each column as given, or as the model has it."""
    values = {
        str(field.column): _spelled(given.pop(field.attname) if field.attname in given else field.get_default())
        for field in model._meta.concrete_fields
        if not field.generated
    }
    if given:
        raise AssertionError(given)
    columns, expressions = ", ".join(f'"{name}"' for name in values), ", ".join(values.values())
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {model._meta.db_table} ({columns}) "  # noqa: S608 - names of the model, values made here
            f"SELECT {expressions} FROM generate_series(1, {count}) AS n".replace("%", "%%")
        )


def _spelled(value: Any) -> str:
    if isinstance(value, Sql):
        return str(value)
    if value == []:
        return "'{}'"
    return Literal(value).as_string(None)
