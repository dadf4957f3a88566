"""Reads of tickets: the office's queue, and the author's own."""

from datetime import date
from typing import Final
from uuid import UUID

from django.db.models import Case, IntegerField, Prefetch, Q, QuerySet, Value, When

from kabinet.contracts import selectors as contracts
from kabinet.contracts.models import Contract, Meter
from kabinet.contracts.values import Action, Viewer
from kabinet.infra.models import StoredFile
from kabinet.infra.verdicts import ScanState
from kabinet.tickets.models import (
    OrderDraft,
    PaidService,
    Ticket,
    TicketFile,
    TicketMessage,
    TicketSection,
    TicketTopic,
)
from kabinet.tickets.rules.topics import ACCESS
from kabinet.tickets.values import Speaker, Status, TopicValue

# Who looks after a meter's readings may have it sealed or examined.
ORDERING: Final = Action.SEE_READINGS
_URGENCY = {Status.NEW: 0, Status.IN_WORK: 1, Status.ANSWERED: 2, Status.CLOSED: 3}


def topics_of(provider_id: UUID) -> list[TopicValue]:
    """Return what may be asked about: each topic, then its sections."""
    sections = Prefetch("sections", TicketSection.objects.filter(is_open=True).order_by("place", "name"))
    topics = TicketTopic.objects.filter(provider_id=provider_id, is_open=True).prefetch_related(sections)
    found = []
    for topic in topics.order_by("place", "name"):
        found += [topic.to_value(), *(section.to_value() for section in topic.sections.all())]
    return found


def sections_by_topic(provider_id: UUID) -> list[tuple[str, list[TopicValue]]]:
    """Return what «Новое обращение» offers: each topic's name with its sections; topics without any are left out."""
    grouped: list[tuple[str, list[TopicValue]]] = []
    for topic in topics_of(provider_id):
        if topic.section_id is None:
            grouped.append((topic.name, []))
        else:
            grouped[-1][1].append(topic)
    return [(name, sections) for name, sections in grouped if sections]


def topic_by_code(provider_id: UUID, code: str) -> TopicValue | None:
    """Return the topic or section to which a page leads by its code; a section is «topic.section»."""
    topic_code, _, section_code = code.partition(".")
    topic = TicketTopic.objects.filter(provider_id=provider_id, code=topic_code, is_open=True).first()
    if topic is None or not section_code:
        return topic.to_value() if topic else None
    section = topic.sections.filter(code=section_code, is_open=True).first()
    return section.to_value() if section else None


def access_section(provider_id: UUID) -> UUID | None:
    """Return the section in which the role «Администратор» is asked for, where the provider has opened it."""
    found = topic_by_code(provider_id, ".".join(ACCESS))
    return found.section_id if found else None


def queue_of(provider_id: UUID) -> QuerySet[Ticket]:
    """Return the office's queue: new ones first, whoever waits longest at the top."""
    urgency = Case(
        *(When(status=status, then=Value(place)) for status, place in _URGENCY.items()), output_field=IntegerField()
    )
    tickets = Ticket.objects.filter(provider_id=provider_id).select_related(
        "topic", "section", "contract", "author", "order__service", "order__meter__point"
    )
    return tickets.annotate(urgency=urgency).order_by("urgency", "last_message_at", "pk")


def messages_of_office(ticket: Ticket) -> QuerySet[TicketMessage]:
    """Return the whole conversation, the office's notes too."""
    files = Prefetch("files", TicketFile.objects.select_related("stored"))
    return TicketMessage.objects.filter(ticket=ticket).prefetch_related(files).order_by("at", "pk")


def tickets_of(viewer: Viewer) -> QuerySet[Ticket]:
    """Return the viewer's own tickets, the latest said first (TICK-01)."""
    own = Ticket.objects.filter(provider_id=viewer.provider_id, author_id=viewer.user_id)
    return own.select_related("topic", "section", "contract", "order").order_by("-last_message_at", "-pk")


def unread_of(viewer: Viewer) -> QuerySet[Ticket]:
    """Return the viewer's own tickets with an answer that was not read, the latest first."""
    return tickets_of(viewer).filter(is_unread_by_author=True)


def open_request_for_access(viewer: Viewer, contract: Contract) -> Ticket | None:
    """Return the viewer's ticket that asks for the role on the contract and is not closed."""
    asking = tickets_of(viewer).filter(contract=contract, topic__code=ACCESS[0], section__code=ACCESS[1])
    return asking.exclude(status=Status.CLOSED).first()


def ticket_for(viewer: Viewer, ticket_id: UUID) -> Ticket | None:
    """Return one of the viewer's own tickets."""
    return tickets_of(viewer).filter(pk=ticket_id).first()


def messages_of(viewer: Viewer, ticket: Ticket) -> QuerySet[TicketMessage]:
    """Return what the author may read of the conversation: never the office's notes (I27)."""
    own = messages_of_office(ticket).filter(ticket__in=tickets_of(viewer))
    return own.filter(is_internal=False)


def file_of(viewer: Viewer, file_id: UUID) -> StoredFile | None:
    """Return a file of the viewer's own ticket; his own while it is searched, an infected one never."""
    own = TicketFile.objects.filter(
        message__ticket__in=tickets_of(viewer), message__is_internal=False, pk=file_id
    ).select_related("stored")
    found = own.select_related("message").exclude(stored__scan=ScanState.INFECTED).first()
    if found is None or (found.message.speaker == Speaker.STAFF and not found.stored.may_be_handed_on):
        return None
    return found.stored


def taken_ticket(provider_id: UUID, ticket_id: UUID) -> Ticket | None:
    """Return the ticket for the page that says it was taken; nothing of the person is shown there."""
    return Ticket.objects.filter(provider_id=provider_id, pk=ticket_id).first()


def services_of(provider_id: UUID, resource: str) -> QuerySet[PaidService]:
    """Return what may be ordered of a resource."""
    return PaidService.objects.filter(provider_id=provider_id, resource=resource, is_open=True).order_by(
        "place", "name"
    )


def resources_offered(provider_id: UUID) -> list[str]:
    """Return the resources of which something may be ordered."""
    offered = PaidService.objects.filter(provider_id=provider_id, is_open=True)
    return list(offered.order_by("resource").values_list("resource", flat=True).distinct())


def meters_for_order(viewer: Viewer, resource: str, *, today: date) -> list[Meter]:
    """Return the meters of the resource that stand today, of those whose readings are the viewer's to see."""
    lasting = Q(valid_to__isnull=True) | Q(valid_to__gt=today)
    seen = contracts.meters_of(viewer, action=ORDERING).filter(
        lasting, resource=resource, valid_from__lte=today, contract__in=contracts.contracts_of(viewer).current(today)
    )
    return list(seen.select_related("point", "contract").order_by("point__address", "place", "number"))


def order_draft_of(viewer: Viewer) -> OrderDraft | None:
    """Return what the viewer has filled in and not sent yet, as long as he sees its meter."""
    own = OrderDraft.objects.filter(user_id=viewer.user_id, provider_id=viewer.provider_id)
    found = own.select_related("service", "meter__point", "meter__contract", "passport", "scheme").first()
    if found is None or not contracts.meters_of(viewer, action=ORDERING).filter(pk=found.meter_id).exists():
        return None
    return found
