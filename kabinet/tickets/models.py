"""Tickets, what is said in them, and what they are about (TICK-01…03).

What was said stays: messages and files are inserted only, and of a ticket the application may change its state and,
when a person is erased, who asked (grants in migrations). Ids in addresses are UUIDs; the number is for people.
"""

from django.db import models
from django.db.models import Q

from kabinet.accounts.models import User
from kabinet.contracts.models import Contract, Meter
from kabinet.infra import ids
from kabinet.infra.models import StoredFile
from kabinet.providers.models import Provider
from kabinet.tickets.rules.numbers import ticket_number
from kabinet.tickets.values import Contact, Door, Speaker, Status, TopicValue


class TicketTopic(models.Model):
    """What people write about, as the provider names it."""

    id = models.UUIDField(primary_key=True, default=ids.new)
    provider = models.ForeignKey(Provider, on_delete=models.CASCADE)
    code = models.SlugField(max_length=40)
    name = models.CharField(max_length=120)
    place = models.PositiveIntegerField(default=0)
    is_open = models.BooleanField(default=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["provider", "code"], name="ticket_topic_once")]

    def to_value(self) -> TopicValue:
        return TopicValue(topic_id=self.pk, name=self.name)


class TicketSection(models.Model):
    """A part of a topic."""

    id = models.UUIDField(primary_key=True, default=ids.new)
    topic = models.ForeignKey(TicketTopic, on_delete=models.CASCADE, related_name="sections")
    code = models.SlugField(max_length=40)
    name = models.CharField(max_length=120)
    place = models.PositiveIntegerField(default=0)
    is_open = models.BooleanField(default=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["topic", "code"], name="ticket_section_once")]

    def to_value(self) -> TopicValue:
        return TopicValue(topic_id=self.topic_id, name=self.name, section_id=self.pk)


class TicketCounter(models.Model):
    """The last number given in a year; its row is held until the ticket is committed, so numbers have no gaps."""

    id = models.UUIDField(primary_key=True, default=ids.new)
    provider = models.ForeignKey(Provider, on_delete=models.CASCADE)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["provider", "year"], name="ticket_counter_once")]


class Ticket(models.Model):
    """A question to a provider and how far its answer is."""

    id = models.UUIDField(primary_key=True, default=ids.new)
    provider = models.ForeignKey(Provider, on_delete=models.PROTECT)
    year = models.PositiveSmallIntegerField()
    ordinal = models.PositiveIntegerField()
    door = models.CharField(max_length=10, choices=[(code, code) for code in Door])
    topic = models.ForeignKey(TicketTopic, on_delete=models.PROTECT, null=True)
    section = models.ForeignKey(TicketSection, on_delete=models.PROTECT, null=True)
    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, null=True)
    contract_number = models.CharField(max_length=40, blank=True)
    subject = models.CharField(max_length=200)
    language = models.CharField(max_length=2, default="ru")
    created_at = models.DateTimeField()

    author = models.ForeignKey(User, on_delete=models.SET_NULL, null=True)
    contact_name = models.CharField(max_length=160, blank=True)
    contact_email = models.EmailField(blank=True)
    contact_phone = models.CharField(max_length=24, blank=True)
    erased_at = models.DateTimeField(null=True)

    status = models.CharField(max_length=10, choices=[(code, code) for code in Status], default=Status.NEW)
    resolution = models.CharField(max_length=300, blank=True)
    last_message_at = models.DateTimeField()
    is_unread_by_author = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["provider", "year", "ordinal"], name="ticket_number_once"),
            models.CheckConstraint(
                condition=~Q(contact_email="") | ~Q(contact_phone="") | Q(erased_at__isnull=False),
                name="ticket_has_a_contact",
            ),
        ]
        indexes = [
            models.Index(fields=["provider", "status", "last_message_at"], name="ticket_queue"),
            models.Index(fields=["author", "-last_message_at"], name="ticket_of_author"),
        ]

    @property
    def number(self) -> str:
        return ticket_number(self.year, self.ordinal)

    @property
    def contact(self) -> Contact:
        return Contact(self.contact_name, self.contact_email, self.contact_phone)


class TicketMessage(models.Model):
    """What was said; an internal note is the office's alone (I27)."""

    id = models.UUIDField(primary_key=True, default=ids.new)
    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="messages")
    speaker = models.CharField(max_length=10, choices=[(code, code) for code in Speaker])
    speaker_id = models.UUIDField(null=True)
    text = models.TextField(max_length=10_000)
    at = models.DateTimeField()
    is_internal = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(is_internal=False) | Q(speaker=Speaker.STAFF), name="only_staff_makes_internal_notes"
            )
        ]
        indexes = [models.Index(fields=["ticket", "at"], name="message_of_ticket")]


class TicketFile(models.Model):
    """A file that came with a message."""

    id = models.UUIDField(primary_key=True, default=ids.new)
    message = models.ForeignKey(TicketMessage, on_delete=models.PROTECT, related_name="files")
    stored = models.OneToOneField(StoredFile, on_delete=models.PROTECT)


class PaidService(models.Model):
    """What can be ordered of the provider: of which resource, and how many working days it usually takes (REQ-02)."""

    id = models.UUIDField(primary_key=True, default=ids.new)
    provider = models.ForeignKey(Provider, on_delete=models.CASCADE)
    resource = models.CharField(max_length=16)
    code = models.SlugField(max_length=40)
    name = models.CharField(max_length=120)
    working_days = models.PositiveSmallIntegerField()
    place = models.PositiveIntegerField(default=0)
    is_open = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["provider", "resource", "code"], name="paid_service_once"),
            models.CheckConstraint(condition=Q(working_days__range=(1, 365)), name="paid_service_takes_days"),
        ]


class OrderDraft(models.Model):
    """An order between its form and its check screen: one a person, its files kept with it, dropped after a day."""

    id = models.UUIDField(primary_key=True, default=ids.new)
    user = models.ForeignKey(User, on_delete=models.CASCADE)
    provider = models.ForeignKey(Provider, on_delete=models.CASCADE)
    service = models.ForeignKey(PaidService, on_delete=models.CASCADE)
    meter = models.ForeignKey(Meter, on_delete=models.CASCADE)
    contact_name = models.CharField(max_length=160, blank=True)
    contact_email = models.EmailField(blank=True)
    contact_phone = models.CharField(max_length=24, blank=True)
    passport = models.OneToOneField(StoredFile, on_delete=models.SET_NULL, null=True, related_name="+")
    scheme = models.OneToOneField(StoredFile, on_delete=models.SET_NULL, null=True, related_name="+")
    kept_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "provider"], name="one_order_draft_a_person")]

    @property
    def contact(self) -> Contact:
        return Contact(self.contact_name, self.contact_email, self.contact_phone)


class ServiceOrder(models.Model):
    """A service that was ordered: its conversation is the ticket (REQ-02)."""

    id = models.UUIDField(primary_key=True, default=ids.new)
    ticket = models.OneToOneField(Ticket, on_delete=models.PROTECT, related_name="order")
    service = models.ForeignKey(PaidService, on_delete=models.PROTECT)
    meter = models.ForeignKey(Meter, on_delete=models.PROTECT)
    promised_on = models.DateField()
