"""Letters leave by a job. Their words stand in one row until the server has them, never in a job or a log.

Sending is at least once: between the server's «accepted» and our commit the process may die, and the letter goes
again under the same Message-ID, by which a mailbox can tell that it is one.
"""

import logging
import re
import smtplib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import parseaddr
from typing import Final
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMultiAlternatives
from django.core.validators import validate_email
from django.template.loader import render_to_string
from django.utils import translation

from kabinet.infra import clock, jobs
from kabinet.infra.db import step, use_case
from kabinet.infra.models import OutgoingLetter

log = logging.getLogger(__name__)

_GAP: Final = re.compile(r"\n(?:[ \t]*\n){2,}")
PERMANENT: Final = 500  # SMTP: from here on the server will not change its mind


@dataclass(frozen=True, slots=True)
class Letter:
    """Which template, to whom, with which facts, in which language."""

    template: str
    to: str
    language: str
    facts: dict[str, object]


class BadAddress(Exception):
    """Raised when a letter is to go to something that is not one address."""


class NotNow(Exception):
    """Raised when the server did not take the letter but may later; carries the server's code, no words."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Refused(Exception):
    """Raised when the server will never take this letter; carries the server's code, no words."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes along with a letter."""

    name: str
    media_type: str
    body: bytes


@step
def post(letter: Letter) -> None:
    """Render the letter and leave it to the job, in the transaction of its cause."""
    row = written(letter)
    row.save(force_insert=True)
    jobs.enqueue("infra.send_mail", letter=str(row.pk))


def written(letter: Letter) -> OutgoingLetter:
    """Render the letter; nothing is stored, for a job that speaks to the server itself."""
    with translation.override(letter.language):
        subject = render_to_string(f"letters/{letter.template}.subject.txt", letter.facts)
        text = render_to_string(f"letters/{letter.template}.txt", letter.facts)
    return OutgoingLetter(
        template=letter.template,
        to=checked(letter.to),
        subject=" ".join(subject.split()),
        # Parts of a template that say nothing leave their empty lines behind.
        text=_GAP.sub("\n\n", text).strip() + "\n",
        made_at=clock.technical_now(),
    )


@step
def forget(address: str) -> None:
    """Drop what waits for an address; a letter that a worker is handing over at this moment is gone once it went."""
    waiting = OutgoingLetter.objects.select_for_update(skip_locked=True).filter(to=address)
    OutgoingLetter.objects.filter(pk__in=list(waiting.values_list("pk", flat=True))).delete()


def checked(address: str) -> str:
    """Return the address if it is exactly one and cannot carry a header of its own."""
    try:
        validate_email(address)
    except ValidationError:
        raise BadAddress from None
    return address


@use_case
def send(letter_id: UUID, *, at: datetime) -> None:
    """Hand a waiting letter to the server and forget it; a job that comes again finds nothing to do.

    The row is held meanwhile, so that of two workers with the same job one sends.
    """
    row = _held(letter_id)
    if row is None:
        return
    try:
        hand_over(row)
    except Refused as refusal:
        log.warning(
            "letter refused for good",
            extra={"letter": str(row.pk), "template": row.template, "code": refusal.code},
        )
        refused = OutgoingLetter.objects.filter(pk=row.pk)
        refused.update(refused_at=at, refusal=refusal.code, to="", subject="", text="")
    else:
        row.delete()


def _held(letter_id: UUID) -> OutgoingLetter | None:
    """Hold the letter if it still waits; while another worker holds it nobody knows yet how that ends."""
    waiting = OutgoingLetter.objects.filter(pk=letter_id, refused_at=None)
    row = waiting.select_for_update(skip_locked=True).first()
    if row is None and waiting.exists():
        raise NotNow("held")
    return row


def hand_over(row: OutgoingLetter, *, attachments: Sequence[Attachment] = ()) -> None:
    """Speak to the SMTP server once; say whether its refusal is for now or for good."""
    headers = {"Message-ID": message_id_of(row)}
    message = EmailMultiAlternatives(row.subject, row.text, to=[row.to], headers=headers)
    for attachment in attachments:
        message.attach(attachment.name, attachment.body, attachment.media_type)
    try:
        message.send()
    except smtplib.SMTPRecipientsRefused as refusal:
        raise _refusal_of(min(code for code, _ in refusal.recipients.values())) from None
    except smtplib.SMTPDataError as refusal:
        raise _refusal_of(refusal.smtp_code) from None
    except smtplib.SMTPNotSupportedError:
        raise Refused("address_unsupported") from None
    except smtplib.SMTPResponseException as refusal:
        # Who we are and how we greet is ours to set right: the letter waits for it.
        raise NotNow(str(refusal.smtp_code)) from None
    except OSError as fault:
        raise NotNow(type(fault).__name__) from None


def _refusal_of(code: int) -> Refused | NotNow:
    return Refused(str(code)) if code >= PERMANENT else NotNow(str(code))


def message_id_of(row: OutgoingLetter) -> str:
    """Return the id that all copies of a letter share."""
    _, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    return f"<{row.pk}@{address.rpartition('@')[2] or 'localhost'}>"
