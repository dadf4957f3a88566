"""Accounts as a billing system would send them: a contract, a supply point, a meter and its register each."""

import hashlib
import io
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Final

from kabinet.contracts.values import ContractKind, Quantity, Zone
from kabinet.exchange.values.batches import Form, Upload
from kabinet.exchange.values.entities import AnyRow, Contract, Meter, Register, SupplyPoint
from kabinet.providers.values import Resource

ROWS_AN_ACCOUNT: Final = 4
SINCE: Final = date(2020, 1, 1)
STREETS: Final = ("Ленина", "Советская", "Удмуртская", "Пушкинская", "Карла Маркса", "Восточная")


def account(number: int, *, version: int = 1) -> Iterator[AnyRow]:
    """Give the rows of an account; a later version differs in every row."""
    since = date(2004 + number % 16, number % 12 + 1, number % 28 + 1)
    name = f"c-{number:08d}"
    yield Contract(
        external_id=name,
        version=version,
        number=f"{1000000000 + number * 7}",
        kind=ContractKind.BUSINESS,
        customer_name=f"ООО «Родник {number}»" + (" и сыновья" if version > 1 else ""),
        customer_number=str(510_000 + number),
        inn=f"{1800000000 + number:010d}",
        kpp="183101001",
        signed_on=since,
        deadline_day=number % 28 + 1,
        valid_from=since,
    )
    yield SupplyPoint(
        external_id=f"p-{number:08d}",
        version=version,
        contract=name,
        code=f"{number:08d}-0{version}",
        name="Здание",
        address=f"426000, г Ижевск, ул. {STREETS[number % len(STREETS)]}, {number % 290 + 1}",
        valid_from=since,
    )
    yield Meter(
        external_id=f"m-{number:08d}",
        version=version,
        supply_point=f"p-{number:08d}",
        number=f"{10_000_000 + number * 7}",
        make="СВК-20" if version == 1 else "СВК-25",
        resource=Resource.COLD_WATER,
        place="Подвал",
        verification_due=date(2028, number % 12 + 1, 1),
        valid_from=SINCE,
    )
    yield Register(
        external_id=f"r-{number:08d}",
        version=version,
        meter=f"m-{number:08d}",
        quantity=Quantity.VOLUME,
        zone=Zone.SINGLE,
        integer_digits=5,
        fraction_digits=3,
        physical_limit_per_day=Decimal(120 + version),
        valid_from=SINCE,
    )


def accounts(numbers: range, *, changed_every: int = 0) -> list[AnyRow]:
    """Return the rows of accounts; of those that are changed, one in so many, a later version."""
    return [
        row
        for number in numbers
        for row in account(number, version=2 if changed_every and number % changed_every == 0 else 1)
    ]


def as_file(rows: Sequence[AnyRow]) -> Upload:
    """Write the rows as the file that billing would send."""
    body = b"".join(f"{row.to_line()}\n".encode() for row in rows)
    return Upload(io.BytesIO(body), size=len(body), sha256=hashlib.sha256(body).hexdigest(), form=Form())


def as_rows(rows: Sequence[AnyRow], *, name: str) -> Upload:
    """Hand the rows over as they are."""
    return Upload(io.BytesIO(), size=0, sha256=hashlib.sha256(name.encode()).hexdigest(), form=Form(), rows=rows)
