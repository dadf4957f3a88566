"""A town of households, each of whose facts is a marker: wherever one stands in an answer, it is known for what it is.

Everything is named by a household's number, and nothing else on a page of the portal looks like it.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final

from django.db import connection

from bench.serving.crowd import HOST, id_of
from kabinet.accounts import services as accounts
from kabinet.accounts.selectors import current_agreements
from kabinet.accounts.services import tries
from kabinet.accounts.values import AgreementKind
from kabinet.contracts.models import Contract, Meter, Register, SupplyPoint
from kabinet.infra import clock
from kabinet.kernel.actors import Actor, ActorKind
from kabinet.kernel.periods import Month
from kabinet.providers import selectors
from kabinet.providers.models import BillingPeriod, PolicyVersion, Provider, ProviderHost
from kabinet.readings.models import Reading

POLICY: Final = Path(__file__).parents[2] / "demo" / "policies" / "p.json"
SINCE: Final = date(2020, 1, 1)
LARGEST: Final = 99_999
FIRST_NAME, MIDDLE_NAME = "Наталья", "Николаевна"
ZONE: Final = "Europe/Samara"
_DIGITS: Final = "абвгежзикл"
MARKERS: Final = re.compile(
    "|".join((
        r"\b7700\d{5}\b", f"Тайнова[{_DIGITS}]{{5}}", r"Скрытная, д\. \d+", r"\+7999\d{7}", r"tayna-\d+@",
        r"\b5500\d{5}\b", r"\b6600\d{5}\b", r"[bcde]0{7}-0000-4000-8000-[0-9a-f]{12}",
    ))
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Household:
    """Who lives under a number, and what stands on the meter there."""

    n: int

    @property
    def account(self) -> str:
        return f"{770_000_000 + self.n}"

    @property
    def last_name(self) -> str:
        return "Тайнова" + "".join(_DIGITS[int(digit)] for digit in f"{self.n:05d}")

    @property
    def meter(self) -> str:
        return f"{550_000_000 + self.n}"

    @property
    def showed(self) -> int:
        return 660_000_000 + self.n

    @property
    def address(self) -> str:
        return f"г. Ижевск, ул. Скрытная, д. {self.n}"

    @property
    def register(self) -> str:
        return id_of("e", self.n)

    @property
    def shown_to_everybody(self) -> frozenset[str]:
        """Return what whoever knows account and meter may see: nothing of a person (READ-18)."""
        ids = (id_of(letter, self.n) for letter in "cde")
        return frozenset({self.account, self.meter, str(self.showed), *ids})


@dataclass(frozen=True, slots=True)
class Town:
    """Households 1…size, and the boxes that whoever signs up ticks."""

    size: int
    boxes: Mapping[str, str]
    allowed: int


def fill(count: int, *, changed: Mapping[str, Any] | None = None) -> Town:
    """Fill the empty tables with a provider and so many households; `changed` stands in the policy's place."""
    if not 0 < count <= LARGEST:
        raise ValueError(count)
    provider = _provider(json.loads(POLICY.read_text(encoding="utf-8")) | dict(changed or {}))
    _households(count, provider)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    boxes = {kind.value: str(agreement.pk) for kind, agreement in current_agreements(provider.pk).items()}
    return Town(count, boxes, _allowed(provider))


def _provider(policy: Mapping[str, Any]) -> Provider:
    row = Provider.objects.create(
        slug="p", name="Энергосбыт", short_name="Энергосбыт", portal_title="Кабинет", inn="1831000009", zone_name=ZONE,
        colour="#0b5cad", accent="#19b5c9",
    )  # fmt: skip
    ProviderHost.objects.create(host=HOST, provider=row)
    PolicyVersion.objects.create(
        provider=row, version=1, body=dict(policy), valid_from=datetime(2020, 1, 1, tzinfo=UTC)
    )
    BillingPeriod.objects.create(provider=row, month=Month.of(clock.today(row.zone)).first)
    by = Actor(ActorKind.JOB, provider_id=row.pk)
    for kind in AgreementKind:
        accounts.publish_agreement(kind, title=kind, text="Текст.", provider=row, by=by, at=clock.technical_now())
    return row


def _allowed(provider: Provider) -> int:
    """Return how many wrong tries the policy bears from an address; sign-ups alone have a figure of their own."""
    found = selectors.provider_by_slug(provider.slug, at=clock.now())
    if found is None:
        raise AssertionError
    return min(found.policy.limits.wrong_links_per_address_an_hour, tries.SIGN_UPS.times)


def _households(count: int, provider: Provider) -> None:
    all_ = [Household(n) for n in range(1, count + 1)]
    names: dict[str, Any] = {"provider": provider, "source": "billing", "version": 1, "valid_from": SINCE}

    def named(letter: str, one: Household) -> dict[str, Any]:
        return {"id": id_of(letter, one.n), "external_id": f"{letter}{one.n}", **names}

    Contract.objects.bulk_create([
        Contract(
            number=one.account, kind="household", customer_name=f"{one.last_name} Н. Н.", holder_last=one.last_name,
            holder_first=FIRST_NAME, holder_middle=MIDDLE_NAME, phone=f"+7999{one.n:07d}",
            emails=[f"tayna-{one.n}@example.com"], legal_address=one.address, **named("c", one),
        )
        for one in all_
    ], batch_size=1000)  # fmt: skip
    SupplyPoint.objects.bulk_create([
        SupplyPoint(contract_id=id_of("c", one.n), code=f"{one.n}", address=one.address, **named("b", one))
        for one in all_
    ], batch_size=1000)  # fmt: skip
    Meter.objects.bulk_create([
        Meter(
            contract_id=id_of("c", one.n), point_id=id_of("b", one.n), number=one.meter, resource="electricity",
            **named("d", one),
        )
        for one in all_
    ], batch_size=1000)  # fmt: skip
    Register.objects.bulk_create([
        Register(
            contract_id=id_of("c", one.n), meter_id=id_of("d", one.n), quantity="A+", zone="single", integer_digits=9,
            fraction_digits=1, **named("e", one),
        )
        for one in all_
    ], batch_size=1000)  # fmt: skip
    _showed(all_, provider)


def _showed(all_: list[Household], provider: Provider) -> None:
    month = Month.of(clock.today(provider.zone)).previous
    Reading.objects.bulk_create([
        Reading(
            contract_id=id_of("c", one.n), provider_id=provider.pk, register_id=one.register, source_system="billing",
            external_id=f"r{one.n}", version=1, month=month.first, taken_on=month.day(20), value=one.showed,
            source="customer",
        )
        for one in all_
    ], batch_size=1000)  # fmt: skip
