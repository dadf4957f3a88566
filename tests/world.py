"""Builders of the tests' small world; each says only what its test cares about."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from itertools import count
from typing import Any
from uuid import UUID

from django.conf import settings
from django.test import Client

from kabinet.accounts.models import Enrollment, Session, User
from kabinet.accounts.selectors import SignedIn, key_of
from kabinet.contracts.models import Contract, House, Membership, Meter, Register, SupplyPoint
from kabinet.contracts.selectors import eyes
from kabinet.contracts.values import ZONES_OF_A_METER, Role, Viewer
from kabinet.infra import clock
from kabinet.infra.statements import fetch
from kabinet.kernel.actors import Actor, ActorKind
from kabinet.kernel.identifiers.inn import InnKind, with_check_digits
from kabinet.kernel.periods import Month
from kabinet.providers import selectors as providers
from kabinet.providers.models import PolicyVersion, Provider
from kabinet.providers.selectors import OpenProvider
from kabinet.readings.models import Reading

LONG_AGO = date(2020, 1, 1)
# Thursday; with deadline day 10 the window of October 2026 is 08.10–12.10.
TODAY = date(2026, 10, 8)
NOW = datetime.combine(TODAY, time(8), UTC)
PASSWORD = "Vodokanal-2026"

_numbers = count(1)

POLICY: dict[str, Any] = {
    "sections": ["link_contract", "readings", "sewage_volumes", "archive", "contracts", "reconciliation_acts"],
    "sign_up": "legal_entity",
    "recovery": "code",
    "linking": "inn_and_number",
    "window": {"type": "deadline_day"},
}


# The energy retailer for business.
POLICY_OF_B: dict[str, Any] = {
    "sections": ["contracts", "history", "reconciliation_acts", "tickets", "help"],
    "sign_up": "email",
    "recovery": "code",
    "linking": "number_and_email",
    "window": {"type": "until_closed"},
    "roles_shown": True,
    "old_logins": True,
}


# The private customer's portal; whoever brings a section of it adds it here and to demo/policies/p.json.
POLICY_OF_P: dict[str, Any] = {
    "account_logins": True,
    "sections": [
        "contracts",
        "link_account",
        "slip",
        "personal_data",
        "household_readings",
        "public_readings",
        "calculator",
        "references",
        "requests",
    ],
    "sign_up": "account",
    "recovery": "account_link",
    "linking": "account_holder_meter",
    "window": {"type": "day_range", "from_day": 15, "to_day": 25},
    "plausibility": {"by_own_past": True},
}


def provider(slug: str = "w", **changed: Any) -> Provider:
    policy = POLICY | changed.pop("policy", {})
    facts = {
        "name": f"Водоканал {slug}",
        "short_name": f"Водоканал {slug}",
        "portal_title": "Личный кабинет абонента",
        "inn": with_check_digits("183100000", InnKind.LEGAL),
        "zone_name": "Europe/Samara",
        "colour": "#0b5cad",
        "accent": "#19b5c9",
    }
    row = Provider.objects.create(slug=slug, **(facts | changed))
    PolicyVersion.objects.create(provider=row, version=1, body=policy, valid_from=datetime(2020, 1, 1, tzinfo=UTC))
    return row


def opened(row: Provider) -> OpenProvider:
    found = providers.provider_by_slug(row.slug, at=NOW)
    assert found
    return found


def person(of: Provider, email: str, *, confirmed: bool = True, password: str = PASSWORD) -> User:
    user = User(email=email, first_name=email.split("@", 1)[0].title(), joined_at=NOW)
    user.email_confirmed_at = NOW if confirmed else None
    user.set_password(password)
    user.save()
    Enrollment.objects.create(user=user, provider=of, category="legal", joined_at=NOW)
    return user


def contract(of: Provider, **changed: Any) -> Contract:
    place = next(_numbers)
    facts = {
        "source": "billing",
        "external_id": f"c{place}",
        "version": 1,
        "valid_from": LONG_AGO,
        "number": f"ХВС-{place}",
        "kind": "business",
        "customer_name": f"ООО «Ромашка {place}»",
        "customer_number": str(15000 + place),
        "inn": with_check_digits(f"18310{place:04d}", InnKind.LEGAL),
        "deadline_day": 10,
    }
    return Contract.objects.create(provider=of, **(facts | changed))


def meter(of: Contract, *, showed: str | None = "00231", integer_digits: int = 5, **changed: Any) -> Meter:
    """Give the contract a cold-water meter whose accepted reading of September is `showed`."""
    place = next(_numbers)
    names = {"provider": of.provider, "source": "billing", "version": 1, "valid_from": LONG_AGO}
    point = SupplyPoint.objects.create(
        contract=of, external_id=f"p{place}", code=f"{place}", address=f"г Ижевск, ул. Ленина, дом {place}", **names
    )
    facts = {"external_id": f"m{place}", "number": f"{300000 + place}", "make": "VLF-R-1.5", "resource": "cold_water"}
    row = Meter.objects.create(contract=of, point=point, **(names | facts | changed))
    register = Register.objects.create(
        contract=of, meter=row, external_id=f"r{place}", quantity="V", zone="single",
        integer_digits=integer_digits, fraction_digits=3, physical_limit_per_day=Decimal(72), **names,
    )  # fmt: skip
    if showed is not None:
        accepted(register, showed, month="2026-09", taken_on=date(2026, 9, 8))
    return row


def house(of: Provider, **changed: Any) -> House:
    """Give the provider the house of the source's example: 8637.56 m² of flats, 1498.1 m² that are common."""
    facts = {
        "source": "billing",
        "external_id": f"d{next(_numbers)}",
        "version": 1,
        "valid_from": LONG_AGO,
        "address": "г Ижевск, ул. Южное шоссе, д. 2в",
        "house_type": "gas_stove",
        "settlement": "city",
        "total_area": Decimal("8637.56"),
        "common_area": Decimal("1498.10"),
    }
    return House.objects.create(provider=of, **(facts | changed))


def household(
    of: Provider,
    number: str = "111222333",
    holder: tuple[str, str, str] = ("Иванова", "Наталья", "Николаевна"),
    *,
    flat: int = 52,
    **changed: Any,
) -> Contract:
    """Give the provider a household's account in a flat of 49.5 m², with its supply point and no meter yet."""
    last, first, middle = holder
    facts = {
        "kind": "household", "customer_name": " ".join(holder), "customer_number": "", "inn": "", "deadline_day": None,
        "holder_last": last, "holder_first": first, "holder_middle": middle,
        "area": Decimal("49.50"), "residents": 2, "owners": 1, "rooms": 2,
    }  # fmt: skip
    home: House = changed.pop("house", None) or house(of)
    row = contract(of, number=number, house=home, **(facts | changed))
    SupplyPoint.objects.create(
        contract=row, provider=of, source="billing", external_id=f"p{next(_numbers)}", version=1, valid_from=LONG_AGO,
        code=str(flat), address=f"{home.address}, кв. {flat}",
    )  # fmt: skip
    return row


def electricity(of: Contract, *showed: str, tariffs: dict[str, int] | None = None, **changed: Any) -> Meter:
    """Give the household an electricity meter with as many zones as `showed` has readings of September.

    They are day and night, or peak («день»), night and half-peak; `tariffs` says which of T1…T3 each is.
    """
    zones = ZONES_OF_A_METER[len(showed) or 1]
    row = _household_meter(of, "electricity", make="СЭТ-1", **changed)
    for place, (zone, value) in enumerate(zip(zones, showed or ("04580",), strict=True), start=1):
        number = (tariffs or {}).get(zone, place) if len(zones) > 1 else None
        _register(row, value, quantity="A+", zone=zone, tariff_number=number, fraction_digits=1)
    return row


def hot_water(of: Contract, place: str = "Санузел", showed: str = "00036", **changed: Any) -> Meter:
    """Give the household a hot-water meter in the place."""
    row = _household_meter(of, "hot_water", place=place, make="СВГ-15", **changed)
    _register(row, showed, quantity="V", zone="single", fraction_digits=3)
    return row


def _household_meter(of: Contract, resource: str, **changed: Any) -> Meter:
    place = next(_numbers)
    facts = {
        "contract": of, "provider": of.provider, "point": of.points.get(), "source": "billing", "version": 1,
        "external_id": f"m{place}", "valid_from": LONG_AGO, "number": f"{11_228_000 + place}", "resource": resource,
    }  # fmt: skip
    return Meter.objects.create(**(facts | changed))


def _register(of: Meter, showed: str, **facts: Any) -> Register:
    """Give the meter a register whose accepted reading of September is `showed`; its digits are those of the text."""
    row = Register.objects.create(
        contract=of.contract, provider=of.provider, meter=of, source="billing", external_id=f"r{next(_numbers)}",
        version=1, valid_from=LONG_AGO, integer_digits=len(showed), **facts,
    )  # fmt: skip
    accepted(row, showed, month="2026-09", taken_on=date(2026, 9, 20))
    return row


def accepted(register: Register, value: str, *, month: str, taken_on: date, **changed: Any) -> Reading:
    facts = {
        "source_system": "billing",
        "external_id": f"v{next(_numbers)}",
        "version": 1,
        "month": Month.parse(month).first,
        "taken_on": taken_on,
        "value": Decimal(value),
        "source": "customer",
    }
    of = register.contract
    return Reading.objects.create(contract=of, provider_id=of.provider_id, register=register, **(facts | changed))


def link(user: User, to: Contract, *, role: Role = Role.MANAGER, points: list[Any] | None = None) -> Membership:
    return Membership.objects.create(user=user, contract=to, role=role, points=points, granted_at=NOW)


def actor(user: User, of: Provider) -> Actor:
    return Actor(ActorKind.CUSTOMER, id=user.pk, provider_id=of.pk)


def register_of(row: Meter) -> Register:
    return row.registers.get()


def signed_in(client: Client, user: User, of: Provider) -> Client:
    """Give the browser a session of the person at the provider."""
    enrollment = Enrollment.objects.get(user=user, provider=of)
    at = clock.technical_now()
    token = f"token-of-{user.pk}-at-{of.slug}"
    Session.objects.create(
        key=key_of(token), user=user, provider=of, enrollment=enrollment, started_at=at, seen_at=at,
        expires_at=at + timedelta(days=1), address="127.0.0.1", agent="Firefox",
    )  # fmt: skip
    client.cookies[settings.SESSION_COOKIE_NAME] = token
    return client


def eyes_of(session_key: str, *, provider_id: UUID, at: datetime, now: datetime = NOW) -> eyes.Eyes | None:
    """Ask whose session it is by the very statement that requests are answered by."""
    return eyes.eyes_from(fetch(eyes.asking(session_key, provider_id=provider_id, at=at, now=now)))


def signed_in_as(session_key: str, *, provider_id: UUID, at: datetime) -> SignedIn | None:
    found = eyes_of(session_key, provider_id=provider_id, at=at)
    return found.signed_in if found else None


def viewer_of(user: User, of: Provider, *, at: datetime = NOW) -> Viewer:
    """Return the person's eyes at a business moment, through a session of his own."""
    technical, key = clock.technical_now(), key_of(f"eyes-{next(_numbers)}")
    Session.objects.create(
        key=key, user=user, provider=of, enrollment=Enrollment.objects.get(user=user, provider=of),
        started_at=technical, seen_at=technical, expires_at=technical + timedelta(days=1), address="", agent="",
    )  # fmt: skip
    found = eyes_of(key, provider_id=of.pk, at=technical, now=at)
    assert found
    return found.viewer
