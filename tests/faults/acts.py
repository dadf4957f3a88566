"""What people of W do in the portal, each ready to be pressed again and again, and how often the database has it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from typing import Any, Final

from tests.faults.demo import SECONDS_TO_COME_BACK, Demo, wait_for
from tests.faults.people import SEND, Person

# A statement and its facts; it counts what there is of something.
Counted = tuple[Any, ...]
FEEDBACK: Final = "/w/feedback/"
VOLUMES: Final = "/w/readings/sewage-volumes/"
WAITING_LETTERS: Final = 'SELECT count(*) AS rows FROM infra_outgoingletter WHERE "to" = %s AND refused_at IS NULL'
_numbers = count(1)


@dataclass(frozen=True)
class Act:
    """A filled form, where success leads, and the statements that each have to count exactly one.

    `later` are those that a job makes true, `letters` how many letters an address has got in the end.
    """

    path: str
    body: dict[str, str]
    leads_to: str
    once: dict[str, Counted]
    files: dict[str, Any] | None = field(default=None, repr=False)
    later: dict[str, Counted] = field(default_factory=dict)
    letters: tuple[str, int] | None = None

    def press(self, person: Person) -> bool:
        """Press the button; say whether the answer was that of success."""
        return person.is_told(self.path, self.body, files=self.files, leads_to=self.leads_to)

    def counted(self, demo: Demo) -> dict[str, int]:
        """Count each of the act's traces."""
        return counted(demo, self.once)

    def counted_in_the_end(self, demo: Demo) -> dict[str, int]:
        """Count them, and what jobs have made of the act, once they have."""
        wait_for(lambda: all(counted(demo, self.later).values()), seconds=SECONDS_TO_COME_BACK)
        if self.letters:
            address, number = self.letters
            wait_for(lambda: len(demo.letters(address)) >= number, seconds=SECONDS_TO_COME_BACK)
            wait_for(lambda: not counted(demo, {"letter": (WAITING_LETTERS, address)})["letter"])
        return counted(demo, self.once | self.later)

    def has_its_letters(self, demo: Demo) -> bool:
        """Say whether neither a letter is missing nor one too many."""
        return self.letters is None or len(demo.letters(self.letters[0])) == self.letters[1]


def counted(demo: Demo, statements: dict[str, Counted]) -> dict[str, int]:
    return {what: demo.ask(*statement)[0]["rows"] for what, statement in statements.items()}


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


def keeping(person: Person) -> Act:
    """«Сохранить показания»: a draft, without a key."""
    (register, showed), *_ = person.registers.items()
    body = person.fill_in(register, showed + next(_numbers) % 20 + 1)
    body["keep"] = body.pop("send")
    body[f"value-{register}"] += "?" * (next(_numbers) % 20)
    return Act(SEND, body, SEND, once={
        "draft": (
            "SELECT count(*) AS rows FROM readings_draft WHERE register_id = %s AND raw = %s",
            register, body[f"value-{register}"],
        ),
        "audit row": since_now(person, "readings.draft_saved", person.contract),
    })  # fmt: skip


def since_now(person: Person, act: str, contract: str) -> Counted:
    """Count how often an act stands in a contract's history from now on."""
    known = "SELECT count(*) AS rows FROM infra_auditrow WHERE act = %s AND contract_id = %s"
    before = counted(person.demo, {"rows": (known, act, contract)})["rows"]
    return (known.replace("count(*)", "count(*) - %s"), before, act, contract)


def sending_volume(person: Person) -> Act:
    """Send a volume of hot water into the drains."""
    contract, _point, body = volume_form(person)
    key = body[f"key-{contract}"]
    of_key = "SELECT count(*) AS rows FROM {} WHERE s.key = %s"
    joined = {
        "volume": "readings_sewagevolume s",
        "key": "infra_idempotencykey s",
        "event": (
            "infra_event e JOIN readings_sewagevolume s"
            " ON e.payload->>'submission' = s.id::text AND e.kind = 'readings.volume_sent'"
        ),
        "audit row": "infra_auditrow a JOIN readings_sewagevolume s ON a.after->'volumes' ? s.id::text",
    }
    once = {what: (of_key.format(tables), key) for what, tables in joined.items()}
    return Act(VOLUMES, {**body, "send": contract}, VOLUMES, once=once)


def keeping_volume(person: Person) -> Act:
    """«Сохранить объёмы»: a draft of a volume."""
    contract, point, body = volume_form(person)
    kept = "SELECT count(*) AS rows FROM readings_volumedraft WHERE point_id = %s AND raw = %s"
    return Act(VOLUMES, {**body, "keep": contract}, VOLUMES, once={
        "draft": (kept, point, body[f"volume-{point}"]),
        "audit row": since_now(person, "readings.volumes_kept", contract),
    })  # fmt: skip


def volume_form(person: Person) -> tuple[str, str, dict[str, str]]:
    """Return the first contract and point of the page of volumes, and its form with a volume that was not typed yet."""
    form = person.form(VOLUMES, wanted="volume-")
    contract = next(name.removeprefix("key-") for name in form if name.startswith("key-"))
    point = next(name.removeprefix("volume-") for name in form if name.startswith("volume-"))
    volume = person.demo.ask(USUAL_VOLUME, contract)[0]["usual"] + next(_numbers) % 50
    carried = {name: form[name] for name in ("csrfmiddlewaretoken", f"key-{contract}", f"name-{contract}")}
    return contract, point, {**carried, f"volume-{point}": str(volume)}


USUAL_VOLUME: Final = """
    SELECT coalesce(max(value), 10)::int AS usual FROM readings_sewagevolume WHERE contract_id = %s AND corrects IS NULL
"""

ACTS: Final[dict[str, Callable[[Person], Act]]] = {
    "sending": sending,
    "asking": asking,
    "linking": linking,
    "keeping": keeping,
    "sending a volume": sending_volume,
    "keeping a volume": keeping_volume,
}
