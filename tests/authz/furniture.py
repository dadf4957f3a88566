"""What stands in every household, belongs to every person and lies in every provider's office.

A new table of a feature brings a function here; it gives the ids by which `authz.yml` calls its rows (`$act`), and
puts the owner's mark wherever a page could show it. `test_every_table_is_furnished` names what nobody filled.
"""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Final

from kabinet.accounts.models import Agreement, User
from kabinet.accounts.values import AgreementKind
from kabinet.billing.models import Balance, Charge, Payment, ReconciliationAct
from kabinet.contracts.models import Annex, Meter, Paper, Register, SupplyPoint
from kabinet.exchange.models import Message, Partner
from kabinet.exchange.services.partners import hash_of
from kabinet.help.models import Branch, HelpEntry, HelpGroup, Reference
from kabinet.infra import clock, ids, storage
from kabinet.infra.models import Event, ParkedEvent
from kabinet.providers.models import CalendarDay
from kabinet.readings.models import (
    AcceptedVolume,
    DoubtfulReading,
    Draft,
    FileRow,
    MeterClaim,
    ReadingsFile,
    SewageVolume,
    Submission,
    VolumeDraft,
    WindowExtension,
)
from kabinet.tariffs.models import HouseMonth
from kabinet.tickets.models import (
    TicketSection,
    TicketTopic,
)
from tests import world
from tests.authz.mailboxes import furnish_letter_links, furnish_link_request, furnish_link_token, furnish_sign_up
from tests.authz.prices import furnish_prices
from tests.authz.questions import furnish_order, furnish_ticket, service_of
from tests.authz.town import ENDED_ON, OFFICE_MARK, Household, Office, Person, start_session

JULY: Final = date(2026, 7, 1)
SEPTEMBER: Final = date(2026, 9, 1)
OCTOBER: Final = date(2026, 10, 1)


def furnish_meters(home: Household) -> None:
    """Two supply points with a meter each, and at the first one a meter that was taken away."""
    for place, prefix in (("1", ""), ("2", "second ")):
        point = _point(home, place)
        home.things[f"{prefix}point"] = str(point.pk)
        _name(home, prefix, _register(home, point, place))
    gone = _register(home, SupplyPoint.objects.get(pk=home.things["point"]), "3", valid_to=ENDED_ON)
    _name(home, "ended ", gone)
    # By these names billing knows them: another provider's billing may have the same.
    names = {"contract": "c", "point": "p1", "register": "r1"}
    home.things |= {f"billed_{kind}": f"{home.mark}-{end}" for kind, end in names.items()}


def _name(home: Household, prefix: str, register: Register) -> None:
    home.things[f"{prefix}register"] = str(register.pk)
    home.things[f"{prefix}meter"] = str(register.meter_id)


def _names(home: Household) -> dict[str, object]:
    return {
        "provider": home.contract.provider, "source": "billing", "version": 1, "valid_from": world.LONG_AGO,
        "contract": home.contract,
    }  # fmt: skip


def _point(home: Household, place: str) -> SupplyPoint:
    facts = {"code": f"{home.mark}-{place}", "name": home.mark, "address": f"ул. {home.mark}, дом {place}"}
    return SupplyPoint.objects.create(external_id=f"{home.mark}-p{place}", **_names(home), **facts)


def _register(
    home: Household, point: SupplyPoint, place: str, *, resource: str = "cold_water", **changed: object
) -> Register:
    names = _names(home) | changed
    meter = Meter.objects.create(
        external_id=f"{home.mark}-m{place}", point=point, number=f"{home.mark}-30000{place}", make=home.mark,
        resource=resource, **names,
    )  # fmt: skip
    register = Register.objects.create(
        external_id=f"{home.mark}-r{place}", meter=meter, quantity="V", zone="single", integer_digits=5,
        fraction_digits=3, physical_limit_per_day=Decimal(72), **names,
    )  # fmt: skip
    world.accepted(
        register, home.showed, month="2026-09", taken_on=date(2026, 9, 8), external_id=f"{home.mark}-v{place}"
    )
    return register


def furnish_readings(home: Household) -> None:
    """What was sent and refused, and what was typed and kept."""
    register = home.things["register"]
    facts = {
        "contract": home.contract, "provider_id": home.contract.provider_id, "month": SEPTEMBER,
        "raw": home.showed, "value": Decimal(home.showed), "taken_on": SEPTEMBER, "sent_at": world.NOW,
        "actor_kind": "customer", "channel": "web", "key": home.mark, "state": "refused", "state_at": world.NOW,
        "reason_code": "other", "reason": f"{home.mark}: не похоже",
    }  # fmt: skip
    Submission.objects.create(register_id=register, **facts)
    waiting = {"month": JULY, "state": "passed", "key": f"{home.mark}-7", "reason_code": "", "reason": ""}
    home.things["sent"] = str(Submission.objects.create(register_id=register, **facts | waiting).id)
    SewageVolume.objects.create(point_id=home.things["point"], **facts)
    AcceptedVolume.objects.create(
        contract=home.contract, provider_id=home.contract.provider_id, point_id=home.things["point"],
        source_system="billing", external_id=home.mark, version=1, month=SEPTEMBER, taken_on=SEPTEMBER,
        value=Decimal(home.showed), source="customer",
    )  # fmt: skip
    kept = {"contract": home.contract, "month": OCTOBER, "raw": home.mark, "saved_at": world.NOW}
    Draft.objects.create(register_id=home.things["second register"], **kept)
    VolumeDraft.objects.create(point_id=home.things["second point"], **kept)


def furnish_papers(home: Household) -> None:
    """An act that billing has prepared and an annex to the contract, with their file."""
    provider = home.contract.provider
    stored = storage.keep(
        BytesIO(f"%PDF-1.4 {home.mark}".encode()), provider_id=provider.pk, original_name=f"{home.mark}.pdf",
        media_type="application/pdf", at=world.NOW,
    )  # fmt: skip
    file = Paper.objects.create(provider=provider, stored=stored, sha256=stored.sha256, uploaded_at=world.NOW)
    act = ReconciliationAct.objects.create(
        contract=home.contract, since=date(2026, 1, 1), until=date(2026, 6, 30), delivery="cabinet",
        asked_at=world.NOW, state="prepared", state_at=world.NOW, number=f"{home.mark}-7", made_on=SEPTEMBER, file=file,
    )  # fmt: skip
    home.things["act"] = str(act.pk)
    annex = Annex.objects.create(
        **_names(home), external_id=f"{home.mark}-a", number=f"{home.mark}-1", title=home.mark, paper=file
    )
    home.things["annex"] = str(annex.pk)


def furnish_member(home: Household) -> None:
    """Somebody who linked the contract himself and comes to no door: others may act upon his role."""
    user = User.objects.create(
        email=f"resident-{home.mark.lower()}@example.com", last_name=home.mark, first_name="Имя", password="!",
        email_confirmed_at=world.NOW, joined_at=world.NOW,
    )  # fmt: skip
    member = world.link(user, home.contract)
    member.granted_by = user.pk
    member.save(update_fields=["granted_by"])
    home.things["member"] = str(member.pk)


def furnish_session(person: Person) -> None:
    """The person's other browser."""
    other = start_session(person, f"other-{person.token}", enrollment=person.user.enrollments.first())
    person.things["session"] = str(other.public_id)


def furnish_person(person: Person) -> None:
    person.things["person"] = str(person.user.pk)


def furnish_billing_system(office: Office) -> None:
    """The key of the provider's billing system, and a batch that it sent."""
    slug = office.provider.slug
    partner = Partner.objects.create(
        provider=office.provider, name=f"Биллинг {slug}", source="billing", token_hash=hash_of(office.partner_token)
    )
    batch = ids.new()
    answer = {"batch": str(batch), "outcome": "taken", "sha256": "0" * 64, "at": world.NOW.isoformat()}
    Message.objects.create(
        id=batch, provider=office.provider, partner=partner, direction="in", kind="batch", at=world.NOW, body={},
        answer=answer,
    )  # fmt: skip
    office.things["batch"] = str(batch)


def furnish_texts(office: Office) -> None:
    """Agreements, answers, topics; those of V are marked, for W's people never see them."""
    mark = "ZNAK-V" if office.provider.slug == "v" else "Вода"
    for kind in AgreementKind:
        agreement = Agreement.objects.create(
            provider=office.provider, kind=kind, version=1, title=mark, text=mark, sha256="0" * 64,
            published_at=clock.technical_now() - timedelta(days=9),
        )  # fmt: skip
        office.things[f"{kind} agreement"] = str(agreement.pk)
    group = HelpGroup.objects.create(provider=office.provider, name=mark)
    entry = HelpEntry.objects.create(
        provider=office.provider, group=group, question=mark, answer=mark, published_at=world.NOW
    )
    branch = Branch.objects.create(provider=office.provider, name=mark)
    Reference.objects.create(provider=office.provider, kind="prices", text=mark, published_at=world.NOW)
    topic = TicketTopic.objects.create(provider=office.provider, code="contract", name=mark)
    section = TicketSection.objects.create(topic=topic, code="other", name=mark)
    service = service_of(office.provider, mark)
    office.things |= {
        "ordered service": str(service.pk), "branch": str(branch.pk),
        "help_group": str(group.pk), "help_entry": str(entry.pk), "ticket_section": str(section.pk),
    }  # fmt: skip


def furnish_duties(office: Office) -> None:
    """What the office has to do with: a window that was extended, a day of its own, an event that failed."""
    extension = WindowExtension.objects.create(
        provider=office.provider, month=date(2027, 2, 1), closes_on=date(2027, 2, 20), reason="call",
        given_by=office.provider.pk, given_at=world.NOW,
    )  # fmt: skip
    day = CalendarDay.objects.create(provider=office.provider, day=date(2027, 3, 9), is_working=False)
    event = Event.objects.create(provider_id=office.provider.pk, kind="readings.sent", payload={}, at=world.NOW)
    parked = ParkedEvent.objects.create(
        handler="readings.tell", event=event, lane="1", seq=1, error="ValueError", retry_at=clock.technical_now()
    )
    office.things |= {"extension": str(extension.pk), "calendar_day": str(day.pk), "parked": str(parked.pk)}


def furnish_file(home: Household) -> None:
    """A file of readings that somebody gave, with a row that did not go and one that waits to be confirmed."""
    contract = home.contract
    stored = storage.keep(
        BytesIO(f"Номер ПУ;{home.mark}".encode()), provider_id=contract.provider_id,
        original_name=f"{home.mark}.csv", media_type="text/csv", at=world.NOW,
    )  # fmt: skip
    file = ReadingsFile.objects.create(
        contract=contract, stored=stored, marked=stored, given_at=world.NOW, month=OCTOBER, state="done",
        state_at=world.NOW, round=1, counts={"refused": 1, "to_confirm": 1},
    )  # fmt: skip
    for number, (fate, problem) in enumerate([("refused", "not_found"), ("to_confirm", "consumption_too_high")]):
        FileRow.objects.create(
            contract=contract, file_id=file.pk, number=number, sheet=home.mark, row=number + 2, column="B",
            point_code=home.mark, meter=home.mark, raw=home.showed, fate=fate, problems=[problem], notes=[],
            suggestions=[],
        )  # fmt: skip
    home.things["readings_file"] = str(file.pk)


def furnish_flat(home: Household) -> None:
    """Hot water at both points, a reading of it that somebody doubts, and a meter that is said to be another."""
    for place, prefix in (("1", ""), ("2", "second ")):
        point = SupplyPoint.objects.get(pk=home.things[f"{prefix}point"])
        register = _register(home, point, f"4{place}", resource="hot_water")
        home.things[f"{prefix}flat_register"] = str(register.pk)
    register = Register.objects.get(pk=home.things["second flat_register"])
    facts = {"contract": home.contract, "month": SEPTEMBER, "made_at": world.NOW}
    DoubtfulReading.objects.create(
        register=register, submission_id=ids.new(), codes=["consumption_too_high"], comment=home.mark,
        state_at=world.NOW, **facts,
    )  # fmt: skip
    MeterClaim.objects.create(meter=register.meter, kind="meter_type", tariffs=2, numbers={}, **facts)


def furnish_doubt(office: Office) -> None:
    """A reading that its sender confirmed against doubts, with a photo; nobody of the office has looked at it."""
    slug = office.provider.slug
    register = world.register_of(world.meter(world.contract(office.provider, external_id=f"doubted-{slug}")))
    sender = world.person(office.provider, f"doubted-{slug}@example.com")
    sent = Submission.objects.create(
        contract=register.contract, provider_id=office.provider.pk, register=register, month=OCTOBER, raw="900",
        value=900, previous=231, taken_on=OCTOBER, sent_at=world.NOW, actor_kind="customer", actor_id=sender.pk,
        channel="web", key=f"doubted-{slug}", state_at=world.NOW, confirmed=["consumption_too_high"],
    )  # fmt: skip
    photo = storage.keep(
        BytesIO(b"\xff\xd8\xff photo"), provider_id=office.provider.pk, original_name="photo.jpg",
        media_type="image/jpeg", at=world.NOW,
    )  # fmt: skip
    doubt = DoubtfulReading.objects.create(
        contract=register.contract, register=register, submission_id=sent.id, month=OCTOBER,
        codes=["consumption_too_high"], comment=OFFICE_MARK, photo=photo, made_at=world.NOW, state_at=world.NOW,
    )  # fmt: skip
    office.things["doubt"] = str(doubt.pk)


def furnish_money(home: Household) -> None:
    """A month that was charged, paid and left in balance."""
    contract = home.contract
    facts = {
        "contract": contract, "provider_id": contract.provider_id, "source": "billing", "external_id": home.mark,
        "version": 1, "month": SEPTEMBER, "resource": "electricity",
    }  # fmt: skip
    Charge.objects.create(kind="supply", amount=Decimal(home.showed), kept={"meter": home.mark}, **facts)
    Payment.objects.create(amount=Decimal(1), paid_on=SEPTEMBER, document=home.mark, way=home.mark, **facts)
    Balance.objects.create(
        opening=0, charged=Decimal(home.showed), recalculated=0, penalty=0, paid=1, closing=Decimal(home.showed) - 1,
        **facts,
    )  # fmt: skip


def furnish_house(home: Household) -> None:
    """The house with a month in which its common needs were counted."""
    contract = home.contract
    house = world.house(contract.provider, external_id=f"{home.mark}-d", address=f"ул. {home.mark}, дом 1")
    contract.house, contract.area = house, Decimal("49.5")
    contract.save(update_fields=["house", "area"])
    HouseMonth.objects.create(
        provider=contract.provider, source="billing", external_id=f"{home.mark}-hm", version=1, house=house,
        month=SEPTEMBER, resource="electricity", norm=Decimal("3.53"),
    )  # fmt: skip


OF_HOUSEHOLDS: Final[tuple[Callable[[Household], None], ...]] = (
    furnish_meters,
    furnish_readings,
    furnish_papers,
    furnish_member,
    furnish_file,
    furnish_flat,
    furnish_money,
    furnish_house,
    furnish_sign_up,
)
OF_PEOPLE: Final[tuple[Callable[[Person], None], ...]] = (
    furnish_person,
    furnish_session,
    furnish_ticket,
    furnish_order,
    furnish_link_request,
)
OF_OFFICES: Final[tuple[Callable[[Office], None], ...]] = (
    furnish_doubt,
    furnish_billing_system,
    furnish_texts,
    furnish_duties,
    furnish_link_token,
    furnish_letter_links,
    furnish_prices,
)
