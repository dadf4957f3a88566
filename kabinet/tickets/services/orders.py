"""A service is ordered: kept while it is checked, then sent as a ticket with a promised day (REQ-02)."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from io import BytesIO
from typing import Final
from uuid import UUID

from kabinet.accounts.services import parts
from kabinet.contracts.services.access import NotSeen, require
from kabinet.infra import audit, kinds, limits, mail, scanning
from kabinet.infra.db import step, use_case
from kabinet.infra.idempotency import Result, once
from kabinet.infra.kinds import Kind
from kabinet.infra.limits import Limit
from kabinet.infra.models import StoredFile
from kabinet.kernel.actors import Actor
from kabinet.kernel.calendar import WorkCalendar
from kabinet.providers.models import Provider
from kabinet.readings.services import photos
from kabinet.tickets import letters, selectors
from kabinet.tickets.models import OrderDraft, PaidService, ServiceOrder, Ticket, TicketFile, TicketMessage
from kabinet.tickets.rules import deeds
from kabinet.tickets.rules.promises import promised_on
from kabinet.tickets.services import asking
from kabinet.tickets.services.asking import FilesRefused, GivenFile
from kabinet.tickets.services.office import NotPermitted
from kabinet.tickets.values import Ordered, OrderFacts, Question, Scan, ServiceText, Speaker

BY_USER: Final = Limit("orders_user", 20, timedelta(days=1))
DRAFTS_ARE_KEPT: Final = timedelta(days=1)
_PAPERS: Final = {Kind.PDF, Kind.PNG, Kind.JPEG}


class NothingToOrder(Exception):
    """Raised when there is no draft to send: it was sent from another page, or lay too long."""


class InfectedScan(Exception):
    """Raised when a virus was found in a scan of the order; says in which form another can be given."""

    def __init__(self, resource: str) -> None:
        super().__init__(resource)
        self.resource = resource


@use_case
def publish_service(text: ServiceText, *, provider: Provider, by: Actor) -> PaidService:
    """Offer a service, or put it in new words; one with working days of nought is offered no more."""
    if not deeds.may_publish(by, provider_id=provider.pk):
        raise NotPermitted
    offered = {"name": text.name, "place": text.place, "is_open": text.working_days > 0}
    facts = offered | ({"working_days": text.working_days} if text.working_days else {})
    row, is_new = PaidService.objects.update_or_create(
        provider=provider, resource=text.resource, code=text.code, defaults=facts
    )
    audit.record("tickets.service_published", row, before=None if is_new else text.code, after=text.code, by=by)
    return row


@use_case
def keep_draft(
    facts: OrderFacts, files: Mapping[Scan, GivenFile], *, provider: Provider, by: Actor, at: datetime
) -> OrderDraft:
    """Keep what was filled in, its scans too, until it is checked and sent; the newest takes the place of the last."""
    parts.hold(by.person, provider_id=provider.pk)
    made = {
        "service_id": facts.service_id,
        "meter_id": facts.meter_id,
        "contact_name": facts.contact.name,
        "contact_email": facts.contact.email,
        "contact_phone": facts.contact.phone,
        "kept_at": at,
    }
    draft, _ = OrderDraft.objects.update_or_create(user_id=by.person, provider=provider, defaults=made)
    for scan in Scan:
        if scan in files or scan in facts.without or _is_infected(draft, scan):
            _put(draft, scan, files.get(scan), at=at)
    return draft


def _is_infected(draft: OrderDraft, scan: Scan) -> bool:
    stored: StoredFile | None = getattr(draft, scan)
    return stored is not None and stored.is_infected


@step
def _put(draft: OrderDraft, scan: Scan, given: GivenFile | None, *, at: datetime) -> None:
    """Put the scan in the place of the one that was there."""
    before: StoredFile | None = getattr(draft, scan)
    stored = _stored(given, provider_id=draft.provider_id, at=at) if given else None
    setattr(draft, scan, stored)
    draft.save(update_fields=[scan])
    if before is not None:
        before.delete()


@step
def _stored(given: GivenFile, *, provider_id: UUID, at: datetime) -> StoredFile:
    """Keep a PDF as it is, and a picture made anew from its pixels."""
    kind = kinds.kind_of(given.stream)
    if kind not in _PAPERS:
        raise FilesRefused(given.name)
    if kind is Kind.PDF:
        return scanning.keep(
            given.stream,
            provider_id=provider_id,
            original_name=given.name,
            media_type=kinds.media_type_of(kind),
            at=at,
        )
    try:
        picture = photos.taken(given.stream, size=0)
    except photos.PhotoRefused:
        raise FilesRefused(given.name) from None
    name = f"{given.name.rpartition('.')[0] or given.name}.jpg"
    return scanning.keep(
        BytesIO(picture.data), provider_id=provider_id, original_name=name, media_type=photos.JPEG, at=at
    )


def order(
    *, provider: Provider, calendar: WorkCalendar, key: str, language: str, by: Actor, at: datetime, today: date
) -> Ordered:
    """Send the draft; the same key again gives the same order."""
    limits.spend(BY_USER, f"{by.provider_id} {by.id}")
    kept = OrderDraft.objects.filter(user_id=by.person, provider=provider).first()
    has_letter = bool(kept and kept.contact_email) and asking.may_write(kept.contact_email if kept else "")
    result = _order(
        provider=provider,
        calendar=calendar,
        key=key,
        language=language,
        has_letter=has_letter,
        by=by,
        at=at,
        today=today,
    )
    return Ordered(UUID(result["ticket"]), result["number"], date.fromisoformat(result["promised"]))


@use_case
def _order(
    *,
    provider: Provider,
    calendar: WorkCalendar,
    key: str,
    language: str,
    has_letter: bool,
    by: Actor,
    at: datetime,
    today: date,
) -> Result:
    def act() -> Result:
        parts.hold(by.person, provider_id=provider.pk)
        draft = _draft_of(by, provider=provider, at=at)
        ticket = _ticket_of(draft, language=language, by=by, at=at, today=today)
        day = promised_on(today, working_days=draft.service.working_days, calendar=calendar)
        ServiceOrder.objects.create(ticket=ticket, service=draft.service, meter=draft.meter, promised_on=day)
        draft.delete()
        asking.tell(ticket, by=by, at=at)
        if has_letter:
            mail.post(letters.ordered(ticket, draft.service, promised_on=day, provider=provider))
        return {"ticket": str(ticket.pk), "number": ticket.number, "promised": day.isoformat()}

    return once(key, body="order", by=by, act=act)


@step
def _draft_of(by: Actor, *, provider: Provider, at: datetime) -> OrderDraft:
    drafts = OrderDraft.objects.select_for_update(of=("self",)).select_related(
        "service", "meter__point", "meter__contract", "passport", "scheme"
    )
    draft = drafts.filter(user_id=by.person, provider=provider).first()
    if draft is None:
        raise NothingToOrder
    membership = require(by, draft.meter.contract, selectors.ORDERING, at=at)
    is_seen = membership.points is None or draft.meter.point_id in membership.points
    if not is_seen or draft.meter.provider_id != provider.pk or draft.service.provider_id != provider.pk:
        raise NotSeen
    for stored in filter(None, (draft.passport, draft.scheme)):
        if stored.is_infected:
            raise InfectedScan(draft.meter.resource)
    return draft


@step
def _ticket_of(draft: OrderDraft, *, language: str, by: Actor, at: datetime, today: date) -> Ticket:
    question = Question(subject=draft.service.name, text="", contact=draft.contact, contract_id=draft.meter.contract_id)
    ticket = asking.opened(question, provider=draft.provider, language=language, by=by, at=at, today=today)
    said = TicketMessage.objects.create(
        ticket=ticket, speaker=Speaker.CUSTOMER, speaker_id=by.id, text=_words_of(draft), at=at
    )
    for stored in filter(None, (draft.passport, draft.scheme)):
        TicketFile.objects.create(message=said, stored=stored)
    return ticket


def _words_of(draft: OrderDraft) -> str:
    """Say of which meter it is, as the office reads it."""
    where = ", ".join(filter(None, (draft.meter.place, draft.meter.point.address)))
    return f"{draft.service.name}\n№ {draft.meter.number} ({where})"


@use_case
def drop_old_drafts(*, at: datetime) -> int:
    """Forget orders that were filled in and never sent, with their scans."""
    old = list(OrderDraft.objects.filter(kept_at__lt=at - DRAFTS_ARE_KEPT).select_for_update())
    scans = [scan for draft in old for scan in (draft.passport_id, draft.scheme_id) if scan]
    OrderDraft.objects.filter(pk__in=[draft.pk for draft in old]).delete()
    StoredFile.objects.filter(pk__in=scans).delete()
    return len(old)
