"""How people add contracts of B, and what a mailbox gets."""

import re

from kabinet.contracts.models import LinkRequest
from kabinet.contracts.tasks import write_link_letter
from kabinet.infra.models import OutgoingLetter

NUMBER, MAILBOX = "20001234567890", "buh@klever.example"
LIST, ADD = "/b/profile/contracts/", "/b/contracts/add/"
POLICY = {"sections": ["contracts", "add_contract"], "linking": "number_and_email", "roles_shown": True}


def ask(as_boris, number=NUMBER, email=MAILBOX, **sent):
    return as_boris.post(ADD, {"number": number, "email": email}, **sent)


def letters():
    """Run the jobs of letters that wait, and return the letters."""
    for request in LinkRequest.objects.all():
        write_link_letter(str(request.pk), request.letters_asked)
    return list(OutgoingLetter.objects.order_by("made_at"))


def link_in(letter):
    return re.search(r"/b/contracts/confirm/[\w-]+/", letter.text)[0]


def asked_link(as_boris):
    ask(as_boris)
    return link_in(letters()[-1])


def page(answer):
    return answer.content.decode()
