"""What people do in the portal, each ready to be pressed again and again, and how often the database has it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from typing import Any, Final

from tests.faults.demo import Demo
from tests.faults.people import SEND, Person

FEEDBACK: Final = "/w/feedback/"
_numbers = count(1)


@dataclass(frozen=True)
class Act:
    """A filled form, where success leads, and the statements that each have to count exactly one."""

    path: str
    body: dict[str, str]
    leads_to: str
    once: dict[str, tuple[str, str]]
    files: dict[str, Any] | None = field(default=None, repr=False)

    def press(self, person: Person) -> bool:
        """Press the button; say whether the answer was that of success."""
        return person.is_told(self.path, self.body, files=self.files, leads_to=self.leads_to)

    def counted(self, demo: Demo) -> dict[str, int]:
        """Count each of the act's traces."""
        found = {what: demo.ask(statement, fact) for what, (statement, fact) in self.once.items()}
        return {what: rows[0]["rows"] for what, rows in found.items()}


def sending(person: Person) -> Act:
    """Send a reading: the hot path, one statement outside of any use case."""
    (register, showed), *_ = person.registers.items()
    body = person.fill_in(register, showed + next(_numbers) % 20 + 1)
    key = body[f"key-{person.contract}"]
    person.ledger.note_tried(key)
    of_key = "SELECT count(*) AS rows FROM {} WHERE s.key = %s"
    joined = {
        "submission": "readings_submission s",
        "key": "infra_idempotencykey s",
        # Billing's answer is an event of its own.
        "event": (
            "infra_event e JOIN readings_submission s"
            " ON e.payload->>'submission' = s.id::text AND e.kind = 'readings.sent'"
        ),
        "audit row": "infra_auditrow a JOIN readings_submission s ON a.after->'submissions' ? s.id::text",
    }
    return Act(SEND, body, SEND, once={what: (of_key.format(tables), key) for what, tables in joined.items()})


def asking(person: Person) -> Act:
    """Ask a question with a file."""
    subject = f"Вопрос {next(_numbers)} от {person.email}"
    stamp = person.form(FEEDBACK, wanted="stamp")
    body = {
        **{name: stamp[name] for name in ("csrfmiddlewaretoken", "stamp")},
        "subject": subject, "text": "Пришлите, пожалуйста, ответ.", "email": person.email, "name": "Мария",
    }  # fmt: skip
    of_ticket = "SELECT count(*) AS rows FROM {} WHERE t.subject = %s"
    joined = {
        "ticket": "tickets_ticket t",
        "message": "tickets_ticketmessage m JOIN tickets_ticket t ON t.id = m.ticket_id",
        "file": (
            "infra_storedfile f JOIN tickets_ticketfile l ON l.stored_id = f.id"
            " JOIN tickets_ticketmessage m ON m.id = l.message_id JOIN tickets_ticket t ON t.id = m.ticket_id"
        ),
        "event": "infra_event e JOIN tickets_ticket t ON e.payload->>'ticket' = t.id::text",
        "audit row": "infra_auditrow a JOIN tickets_ticket t ON a.target_id = t.id::text AND a.act = 'tickets.opened'",
    }
    once = {what: (of_ticket.format(tables), subject) for what, tables in joined.items()}
    scan = ("scan.pdf", b"%PDF-1.7\n" + subject.encode() * 1000, "application/pdf")
    return Act(FEEDBACK, body, f"{FEEDBACK}accepted/", once=once, files={"attachments": scan})


def linking(person: Person) -> Act:
    """Link one more contract: an act without a key, held by the uniqueness of a membership."""
    contract = person.spare()
    form = person.form("/w/contracts/link/", wanted="inn")
    body = {"csrfmiddlewaretoken": form["csrfmiddlewaretoken"], "inn": contract["inn"], "number": contract["number"]}
    of_contract = (
        "SELECT count(*) AS rows FROM {} JOIN contracts_contract c ON c.id = x.contract_id WHERE c.number = %s"
    )
    return Act("/w/contracts/link/", body, "/w/", once={
        "membership": (of_contract.format("contracts_membership x"), contract["number"]),
        "event": (of_contract.format("infra_event x") + " AND x.kind = 'contracts.linked'", contract["number"]),
    })  # fmt: skip


ACTS: Final[dict[str, Callable[[Person], Act]]] = {"sending": sending, "asking": asking, "linking": linking}
