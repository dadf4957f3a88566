"""A water company of any size, made inside the database: each person holds one contract with one meter.

Everything is named by its number: the session's token of person 17 is `token-17`, so that a client needs no list.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from django.db import connection, models

from kabinet.accounts.models import Enrollment, Session, User
from kabinet.contracts.models import Contract, Membership, Meter, Register, SupplyPoint
from kabinet.infra import clock
from kabinet.kernel.periods import Month
from kabinet.providers.models import BillingPeriod, PolicyVersion, Provider
from kabinet.readings.models import Reading

MONTHS: Final = 24
POLICY: Final = {
    "sections": ["link_contract", "readings", "sewage_volumes", "archive", "contracts", "reconciliation_acts"],
    "sign_up": "legal_entity",
    "recovery": "code",
    "linking": "inn_and_number",
    "window": {"type": "deadline_day"},
}
SLUG: Final = "bench"
# An id is its table's letter and the number: what a client that knows numbers can spell.
_ID: Final = "('{head}-0000-4000-8000-' || lpad(to_hex(n), 12, '0'))::uuid"


def id_of(letter: str) -> str:
    """Return the SQL that spells the id of row `n`."""
    return _ID.format(head=f"{letter}0000000")


def spelled(letter: str, number: int) -> str:
    return f"{letter}0000000-0000-4000-8000-{number:012x}"


def make(count: int) -> Provider:
    """Fill the tables; the planner knows how large they are afterwards."""
    today = clock.today(Provider(zone_name="Europe/Samara").zone)
    provider = _provider(today)
    names = {"provider_id": f"'{provider.pk}'::uuid", "source": "'billing'", "version": "1"}
    long_ago = {"valid_from": "DATE '2020-01-01'"}
    billing = {"external_id": "n::text", **names, **long_ago}
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = off")
    contract = {"contract_id": id_of("c")}
    fill(Contract, count, id=id_of("c"), number="'ХВС-' || n", kind="'business'", customer_number="n::text",
         customer_name="'ООО «Абонент ' || n || '»'", inn="'1831000009'",
         deadline_day=str(min(today.day + 1, 31)), **billing)  # fmt: skip
    fill(SupplyPoint, count, id=id_of("b"), code="n::text", address="'г. Ижевск, ул. Пушкинская, д. ' || n",
         **contract, **billing)  # fmt: skip
    fill(Meter, count, id=id_of("d"), point_id=id_of("b"), number="(300000 + n)::text", make="'VLF-R-1.5'",
         resource="'cold_water'", verification_due="DATE '2031-05-01'", **contract, **billing)  # fmt: skip
    fill(Register, count, id=id_of("e"), meter_id=id_of("d"), quantity="'V'", zone="'single'", integer_digits="5",
         fraction_digits="3", physical_limit_per_day="72", **contract, **billing)  # fmt: skip
    _people(count, provider)
    _history(count, provider, last=Month.of(today).previous)
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = on")
        cursor.execute("VACUUM ANALYZE")
    return provider


def _provider(today: Any) -> Provider:
    provider = Provider.objects.create(
        slug=SLUG, name="МУП «Водоканал»", short_name="Водоканал", portal_title="Личный кабинет абонента",
        inn="1831000009", zone_name="Europe/Samara", colour="#0b5cad", accent="#19b5c9",
    )  # fmt: skip
    PolicyVersion.objects.create(provider=provider, version=1, body=POLICY, valid_from=datetime(2020, 1, 1, tzinfo=UTC))
    for month in (Month.of(today).previous, Month.of(today), Month.of(today).next):
        BillingPeriod.objects.create(provider=provider, month=month.first)
    return provider


def _people(count: int, provider: Provider) -> None:
    at = clock.technical_now()
    moment = f"'{at.isoformat()}'::timestamptz"
    of = {"provider_id": f"'{provider.pk}'::uuid", "user_id": id_of("a")}
    fill(User, count, id=id_of("a"), email="'person-' || n || '@example.com'", email_confirmed_at=moment,
         first_name="'Анна'", last_name="'Петрова'", joined_at=moment)  # fmt: skip
    fill(Enrollment, count, id=id_of("f"), category="'legal'", joined_at=moment, **of)
    fill(Session, count, key="encode(sha256(('token-' || n)::bytea), 'hex')", public_id=id_of("9"), started_at=moment,
         seen_at=moment, expires_at=f"'{(at + timedelta(days=2)).isoformat()}'::timestamptz", address="'127.0.0.1'",
         agent="'bench'", enrollment_id=id_of("f"), **of)  # fmt: skip
    fill(
        Membership,
        count,
        id=id_of("8"),
        user_id=id_of("a"),
        contract_id=id_of("c"),
        role="'manager'",
        granted_at=moment,
    )


def _history(count: int, provider: Provider, *, last: Month) -> None:
    for ago in reversed(range(MONTHS)):
        month = last.plus(-ago)
        shown = 1000 + 10 * (MONTHS - ago)
        fill(Reading, count, id=_ID.format(head=f"7{ago:07x}"), contract_id=id_of("c"),
             provider_id=f"'{provider.pk}'::uuid", register_id=id_of("e"), source_system="'billing'",
             external_id=f"n || '-{month}'", version="1", month=f"DATE '{month.first}'",
             taken_on=f"DATE '{month.day(25)}'", value=str(shown), source="'customer'")  # fmt: skip


def fill(model: type[models.Model], count: int, **given: str) -> None:
    """Insert so many rows, each column by its expression over the number `n`; others as the model has them."""
    columns = {
        str(field.column): given.get(field.attname) or _usual(field)
        for field in model._meta.concrete_fields
        if not field.generated
    }
    _insert(model, columns, count)


def _usual(field: Any) -> str:
    value = field.get_default()
    if value is None:
        return "NULL"
    if value == []:
        return "'[]'" if isinstance(field, models.JSONField) else "'{}'"
    if isinstance(value, bool):
        return str(value).lower()
    return f"'{value}'"


def _insert(model: type[models.Model], columns: Mapping[str, str], count: int) -> None:
    names, values = ", ".join(f'"{name}"' for name in columns), ", ".join(columns.values())
    table = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {table} ({names}) SELECT {values} FROM generate_series(1, {count}) AS n")  # noqa: S608
