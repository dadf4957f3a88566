"""Letters leave by a job; a repeated job sends the same Message-ID, so that a mailbox can tell it is one letter."""

from dataclasses import dataclass

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import translation

from kabinet.infra import ids, jobs


@dataclass(frozen=True, slots=True)
class Letter:
    """Which template, to whom, with which facts, in which language."""

    template: str
    to: str
    language: str
    facts: dict[str, object]


def post(letter: Letter) -> None:
    """Render the letter and leave it to the job; call inside the transaction of its cause."""
    with translation.override(letter.language):
        subject = render_to_string(f"letters/{letter.template}.subject.txt", letter.facts)
        text = render_to_string(f"letters/{letter.template}.txt", letter.facts)
    jobs.enqueue(
        "infra.send_mail",
        to=letter.to,
        subject=" ".join(subject.split()),
        text=text.strip() + "\n",
        message_id=f"<{ids.new()}@{settings.DEFAULT_FROM_EMAIL.rpartition('@')[2].rstrip('>')}>",
    )


def send(*, to: str, subject: str, text: str, message_id: str) -> None:
    """Hand one letter to the SMTP server; raises what smtplib raises."""
    EmailMultiAlternatives(subject, text, to=[to], headers={"Message-ID": message_id}).send()
