"""What people of the two retailers do: readings of a flat (P), roles and files of readings (B)."""

from collections.abc import Callable
from itertools import count
from typing import Any, Final

from tests.faults.acts import Act
from tests.faults.demo import SECONDS_TO_COME_BACK, wait_for
from tests.faults.people import Person

HOUSEHOLD: Final = "/p/readings/household/"
NEWEST: Final = """
    SELECT trunc(greatest(
        (SELECT max(value) FROM readings_reading WHERE register_id = r.id),
        (SELECT max(value) FROM readings_submission WHERE register_id = r.id AND state IN ('sent', 'passed', 'taken'))
    ))::int AS value FROM contracts_register r WHERE r.id = %s
"""
# Meters of two registers that are awaited and are no new ones, in an order that stays.
METERS: Final = """
    SELECT m.number, array_agg(r.id::text ORDER BY r.quantity) AS registers
    FROM contracts_meter m JOIN contracts_register r ON r.meter_id = m.id
    JOIN contracts_supplypoint p ON p.id = m.point_id
    WHERE m.contract_id = %s AND m.valid_to IS NULL AND r.valid_to IS NULL AND m.valid_from < '2026-01-01'
    AND m.entry_status = 'awaiting' AND p.entry_status = 'awaiting'
    GROUP BY m.id HAVING array_agg(r.quantity::text ORDER BY r.quantity) = ARRAY['A+', 'R+'] ORDER BY m.id
"""
ADMINISTERED: Final = """
    SELECT m.contract_id::text AS contract FROM contracts_membership m JOIN accounts_user u ON u.id = m.user_id
    WHERE u.email = %s AND m.role = 'administrator' AND m.ended_at IS NULL
"""
MEMBERSHIP: Final = """
    SELECT m.id::text FROM contracts_membership m JOIN accounts_user u ON u.id = m.user_id
    WHERE u.email = %s AND m.ended_at IS NULL
"""
IS_READ: Final = "SELECT id FROM readings_readingsfile WHERE id = %s AND state = 'done'"
OF_KEY: Final = "SELECT count(*) AS rows FROM {} WHERE s.key = %s"
EVENTS: Final = "infra_event e JOIN readings_submission s ON e.payload->>'submission' = s.id::text AND e.kind = '{}'"
FILE: Final = """
    SELECT f.id::text FROM readings_readingsfile f JOIN infra_storedfile s ON s.id = f.stored_id
    WHERE s.original_name = %s
"""
# More than a meter of the demonstration runs in a month, and less than it could, twice.
DOUBTFUL: Final = 800
_numbers = count(1)


def sending_for_a_flat(person: Person) -> Act:
    """Type a reading, look at the check screen, press «Отправить»; a letter of receipt is asked for."""
    typed = person.form(HOUSEHOLD, wanted="value-")
    register = next(name.removeprefix("value-") for name in typed if name.startswith("value-"))
    value = person.demo.ask(NEWEST, register)[0]["value"] + 1
    (account,) = person.demo.ask("SELECT contract_id::text AS id FROM contracts_register WHERE id = %s", register)
    path, receipt = f"{HOUSEHOLD}{account['id']}/", f"faults-receipt-{next(_numbers)}@example.com"
    checked = person.answer_to(path, {**typed, f"value-{register}": str(value), "check": "1"}, wanted="email")
    joined = {
        "submission": "readings_submission s",
        "key": "infra_idempotencykey s",
        "event": EVENTS.format("readings.sent"),
        "audit row": "infra_auditrow a JOIN readings_submission s ON a.after->'submissions' ? s.id::text",
    }
    once = {what: (OF_KEY.format(tables), checked["key"]) for what, tables in joined.items()}
    return Act(path, {**checked, "send": "1", "email": receipt}, f"{path}sent/", once=once, letters=(receipt, 1))


def giving(person: Person) -> Act:
    """«Добавить роль» to somebody whom nobody knows yet: a user, a role, a letter with a password."""
    people, body = role_form(person, "add/")
    email = f"faults-role-{next(_numbers)}@example.com"
    users = {"user": ("SELECT count(*) AS rows FROM accounts_user WHERE email = %s", email)}
    once = users | of_role(email, "accountant", "given")
    return Act(f"{people}add/", {**body, "role": "accountant", "email": email}, people, once=once, letters=(email, 1))


def changing(person: Person) -> Act:
    """Give another role to who has one."""
    email, membership = given(person)
    people, body = role_form(person, f"{membership}/")
    once = of_role(email, "manager", "given")
    return Act(f"{people}{membership}/", {**body, "role": "manager"}, people, once=once, letters=(email, 2))


def taking(person: Person) -> Act:
    """Take a role away."""
    email, membership = given(person)
    people, body = role_form(person, "add/")
    path, body = f"{people}{membership}/revoke/", {"csrfmiddlewaretoken": body["csrfmiddlewaretoken"]}
    ended = "SELECT count(*) AS rows FROM contracts_membership WHERE id = %s AND ended_at IS NOT NULL"
    once = {"end": (ended, membership)} | told_of_role(email, "taken")
    return Act(path, body, people, once=once, letters=(email, 2))


def given(person: Person) -> tuple[str, str]:
    """Give a role to somebody new and wait for his letter, so that the next one is known by its number."""
    act = giving(person)
    person.until_told(lambda: act.press(person), what="giving")
    act.counted_in_the_end(person.demo)
    email = act.body["email"]
    return email, person.demo.ask(MEMBERSHIP, email)[0]["id"]


def role_form(person: Person, page: str) -> tuple[str, dict[str, str]]:
    people = f"/b/contracts/{administered(person)}/people/"
    return people, {**person.form(f"{people}{page}", wanted="scope"), "scope": "all", "do": "grant"}


def of_role(email: str, role: str, act: str) -> dict[str, tuple[Any, ...]]:
    live = f"{MEMBERSHIP} AND m.role = %s".replace("m.id::text", "count(*) AS rows")
    return {"role": (live, email, role)} | told_of_role(email, act, role=role)


def told_of_role(email: str, act: str, *, role: str = "") -> dict[str, tuple[Any, ...]]:
    of_person = """
        SELECT count(*) AS rows FROM contracts_membership m JOIN accounts_user u ON u.id = m.user_id JOIN {}
        WHERE u.email = %s AND x.{} = %s AND %s IN ('', m.role)
    """
    return {
        "event": (
            of_person.format("infra_event x ON x.payload->>'membership' = m.id::text", "kind"),
            email, f"contracts.role_{act}", role,
        ),
        "audit row": (
            of_person.format("infra_auditrow x ON x.target_id = m.id::text", "act"),
            email, f"contracts.role_{act}", role,
        ),
    }  # fmt: skip


def administered(person: Person) -> str:
    return str(person.demo.ask(ADMINISTERED, person.email)[0]["contract"])


def choosing(person: Person, *, meter: int = 0, more: int = 1) -> Act:
    """Choose a file with the two registers of a meter: an act without a key, held by the file that waits."""
    contract = administered(person)
    path, name = f"/b/readings/files/{contract}/", f"faults-{next(_numbers)}.csv"
    found = person.demo.ask(METERS, contract)[meter]
    values = [person.demo.ask(NEWEST, register)[0]["value"] for register in found["registers"]]
    lines = ["Номер ПУ;Измеряемая величина;Шкала;Текущие показания"] + [
        f"{found['number']};{quantity};Сутки;{value + plus}"
        for quantity, value, plus in zip(("A+", "R+"), values, (more, 1), strict=True)
    ]
    form = person.form(path, wanted="csrfmiddlewaretoken")
    of_name = "SELECT count(*) AS rows FROM {} WHERE s.original_name = %s"
    joined = {
        "stored file": "infra_storedfile s",
        "file": "readings_readingsfile f JOIN infra_storedfile s ON s.id = f.stored_id",
        "audit row": (
            "infra_auditrow a JOIN readings_readingsfile f ON a.target_id = f.id::text"
            " AND a.act = 'readings.file_chosen' JOIN infra_storedfile s ON s.id = f.stored_id"
        ),
    }
    once = {what: (of_name.format(tables), name) for what, tables in joined.items()}
    return Act(
        path,
        {"csrfmiddlewaretoken": form["csrfmiddlewaretoken"]},
        path,
        once=once,
        files={"file": (name, "\n".join(lines).encode(), "text/csv")},
    )


def discarding(person: Person) -> Act:
    """Put a chosen file into the basket."""
    path, id_, body = chosen(person)
    return Act(f"{path}{id_}/discard/", body, path, once=of_file(id_, "state = 'discarded'", "discarded"))


def sending_file(person: Person) -> Act:
    """«Передать показания» of a file: a job reads it."""
    path, id_, body = chosen(person)
    once = {"press": of_file(id_, "state <> 'chosen'", "")["file"]}
    return Act(f"{path}{id_}/send/", body, f"{path}{id_}/", once=once, later=of_round(id_, 0))


def confirming(person: Person) -> Act:
    """Say that the doubtful rows of a file are right."""
    path, id_, body = sent(person, meter=3, more=DOUBTFUL)
    once = {"press": of_file(id_, "(state = 'queued' OR round = 2)", "")["file"]}
    return Act(f"{path}{id_}/confirm/", {**body, "which": "all"}, f"{path}{id_}/", once=once, later=of_round(id_, 1))


def withdrawing(person: Person) -> Act:
    """Take back what a file has sent."""
    path, id_, body = sent(person, meter=1)
    once = of_file(id_, "state = 'withdrawn'", "withdrawn")
    told = OF_KEY.format(EVENTS.format("readings.withdrawn"))
    once |= {"events": (told.replace("count(*)", "count(*) / 2.0"), f"file:{id_}:0")}
    return Act(f"{path}{id_}/withdraw/", body, f"{path}{id_}/", once=once)


def chosen(person: Person, **facts: int) -> tuple[str, str, dict[str, str]]:
    act = choosing(person, **facts)
    person.until_told(lambda: act.press(person), what="choosing")
    assert act.files
    return act.path, person.demo.ask(FILE, act.files["file"][0])[0]["id"], act.body


def sent(person: Person, **facts: int) -> tuple[str, str, dict[str, str]]:
    """Have a file read, and wait for the fates of its rows."""
    path, id_, body = chosen(person, **facts)
    sending = Act(f"{path}{id_}/send/", body, f"{path}{id_}/", once={})
    person.until_told(lambda: sending.press(person), what="sending a file")
    wait_for(lambda: person.demo.ask(IS_READ, id_), seconds=SECONDS_TO_COME_BACK)
    return path, id_, body


def of_file(id_: str, is_so: str, act: str) -> dict[str, tuple[Any, ...]]:
    told = "SELECT count(*) AS rows FROM infra_auditrow WHERE target_id = %s AND act = %s"
    return {
        "file": (f"SELECT count(*) AS rows FROM readings_readingsfile WHERE id = %s AND {is_so}", id_),
        "audit row": (told, id_, f"readings.file_{act}"),
    }


def of_round(id_: str, number: int) -> dict[str, tuple[Any, ...]]:
    """Return what a round of a file of two rows leaves: half of the count of each is one."""
    halves = OF_KEY.replace("count(*)", "count(*) / 2.0")
    joined = {"submissions": "readings_submission s", "events": EVENTS.format("readings.sent")}
    sent_once = "SELECT count(*) - %s AS rows FROM infra_auditrow WHERE target_id = %s AND act = 'readings.file_sent'"
    marked = "SELECT count(*) AS rows FROM readings_readingsfile WHERE id = %s AND round = %s AND marked_id IS NOT NULL"
    return {
        **{what: (halves.format(tables), f"file:{id_}:{number}") for what, tables in joined.items()},
        "audit row": (sent_once, number, id_),
        "coloured copy": (marked, id_, number + 1),
    }


ACTS_OF_FLATS: Final[dict[str, Callable[[Person], Act]]] = {"sending for a flat": sending_for_a_flat}
ACTS_OF_BUSINESS: Final[dict[str, Callable[[Person], Act]]] = {
    "giving a role": giving,
    "changing a role": changing,
    "taking a role": taking,
    "choosing a file": choosing,
    "discarding a file": discarding,
    "sending a file": sending_file,
    "confirming a file": confirming,
    "withdrawing a file": withdrawing,
}
