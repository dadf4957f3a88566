"""A first load brings in what batches would, and leaves keys and other people's work as they were."""

import gzip
import json
from contextlib import nullcontext, suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection

from kabinet.contracts.models import Contract
from kabinet.exchange.models import Message, Partner
from kabinet.exchange.services import first
from kabinet.exchange.services.batches import BatchRefused
from kabinet.exchange.services.partners import hash_of
from kabinet.exchange.values.sheets import Sheet
from kabinet.infra.models import AuditRow
from kabinet.infra.staging import NotAtAGlance, definitions
from kabinet.kernel.actors import Actor, ActorKind, Channel
from tests import world
from tests.architecture.sources import ROOT, sources
from tests.exchange import rows
from tests.exchange.conftest import TOKEN, Billing
from tests.infra.test_keys import kill

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.spec("BILL-01")]

AT = datetime(2026, 10, 8, 6, tzinfo=UTC)
TABLES = first.Kind.EVERYTHING.value
CONTRACTS = 40


@pytest.fixture
def partner():
    return Partner.objects.create(
        provider=world.provider("w"), name="Биллинг W", source="billing", token_hash=hash_of(TOKEN)
    )


@pytest.fixture
def by(partner):
    return Actor(ActorKind.PARTNER, id=partner.pk, provider_id=partner.provider_id, channel=Channel.SYSTEM)


def told(count=CONTRACTS):
    """Return contracts with all that is measured under them, as billing would list them."""
    for place in range(count):
        contract, point, meter, register = (f"{name}-{place:03d}" for name in ("dog", "to", "pu", "sh"))
        yield rows.contract(contract, number=f"{place}")
        yield rows.point(point, contract=contract)
        yield rows.meter(meter, supply_point=point)
        yield rows.register(register, meter=meter)
        yield rows.reading(f"pok-{place:03d}", register=register)


def written(path: Path, told) -> Path:
    body = "".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in told).encode()
    path.write_bytes(gzip.compress(body) if path.suffix == ".gz" else body)
    return path


def stored():
    """Return every row as it is stored, without the ids that are new each time."""
    with connection.cursor() as cursor:
        found = {}
        for table in TABLES:
            cursor.execute(f"SELECT to_jsonb(t) FROM {table} t ORDER BY external_id")
            found[table] = [
                {name: value for name, value in json.loads(row).items() if name != "id" and not name.endswith("_id")}
                for (row,) in cursor.fetchall()
            ]
    return found


def places():
    with connection.cursor() as cursor:
        found = []
        for table in TABLES:
            cursor.execute(f"SELECT ctid::text, xmin::text, id FROM {table} ORDER BY id")
            found += cursor.fetchall()
    return found


def above():
    """Return the name of each register with those of its meter, point and contract, found by the ids."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT r.external_id, m.external_id, p.external_id, c.external_id,
                   m.contract_id = c.id AND r.contract_id = c.id AND r.registers_follow = m.registers_follow
            FROM contracts_register r JOIN contracts_meter m ON m.id = r.meter_id
            JOIN contracts_supplypoint p ON p.id = m.point_id JOIN contracts_contract c ON c.id = p.contract_id
            ORDER BY r.external_id
            """
        )
        return cursor.fetchall()


def emptied():
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE NONE; TRUNCATE contracts_contract, contracts_house CASCADE; RESET ROLE")


def contracts_sheet(*names, **changed):
    """Return contracts by columns, as the demonstration hands them over."""
    told = {name: [value] * len(names) for name, value in rows.contract(**changed).items()}
    del told["entity"], told["source"]
    facts = told | {"valid_from": [AT.date()] * len(names), "external_id": list(names)}
    return Sheet.of("contract", facts)


@pytest.fixture
def ways(monkeypatch):
    """Note of each first load that begins whether its contracts go straight in."""
    found, really = [], first.first_load

    def noting(kind, *, is_straight=False, **rest):
        found.append(is_straight)
        return really(kind, is_straight=is_straight, **rest)

    monkeypatch.setattr(first, "first_load", noting)
    return found


def test_brings_in_what_a_batch_would_and_leaves_the_keys(partner, tmp_path, ways):
    answer = Billing("w", TOKEN).send(*told())
    expected, before = (stored(), above()), definitions(TABLES)
    emptied()
    lines = list(told())
    files = [written(tmp_path / "one.ndjson", lines[:7]), written(tmp_path / "two.ndjson.gz", lines[7:])]

    call_command("first_load", "--provider", "w", *map(str, files))

    assert ways == [True]
    assert (stored(), above()) == expected
    assert len(stored()["readings_reading"]) == CONTRACTS
    assert definitions(TABLES) == before
    assert answer.json()["entities"] == Message.objects.latest("at").answer["entities"]
    assert AuditRow.objects.filter(act="exchange.batch_taken").count() == 2


def test_the_exchange_goes_on_where_it_ended(partner, tmp_path):
    call_command("first_load", "--provider", "w", str(written(tmp_path / "one.ndjson", told())))
    before = places()

    answer = Billing("w", TOKEN).send(*told())

    assert {counts["unchanged"] for counts in answer.json()["entities"].values()} == {CONTRACTS}
    assert places() == before


ODD = {
    "a meter that was replaced": [rows.meter("pu-x", supply_point="to-001", replaced_by="pu-001")],
    "a house": [rows.house(), rows.contract("dog-x", house="dom-1")],
    "registers that follow": [
        rows.register("sh-x", meter="pu-001", valid_from="2026-05-01"),
        rows.register("sh-001", meter="pu-001", valid_to="2026-05-01"),
    ],
    "registers that overlap": [rows.register("sh-x", meter="pu-001", valid_from="2026-05-01")],
    "a name twice": [rows.point("to-001", contract="dog-002"), rows.contract("dog-000", number="другой")],
    "another's meter": [rows.meter("pu-x", supply_point="nowhere"), rows.register("sh-x", meter="pu-x")],
    "a broken rule of the table": [rows.meter("pu-x", supply_point="to-001", replaced_by="pu-x")],
    "a fault of the line": [rows.contract("dog-x", deadline_day=32)],
    "nothing that is measured": [rows.reading("pok-x", register="nowhere")],
}


@pytest.mark.parametrize("odd", ODD.values(), ids=ODD)
def test_what_is_not_good_at_a_glance_is_judged_as_in_a_batch(partner, tmp_path, ways, odd):
    changed = {row["external_id"] for row in odd if row["external_id"] == "sh-001"}
    lines = [*(row for row in told() if row["external_id"] not in changed), *odd]
    Billing("w", TOKEN).send(*lines)
    answer, expected = Message.objects.get().answer, (stored(), above())
    emptied()

    loaded = loaded_from(written(tmp_path / "one.ndjson", lines))

    assert ways == [True, False]
    assert (stored(), above()) == expected
    assert said_of(loaded) == said_of(answer)


def said_of(answer):
    return answer["outcome"], answer["entities"], answer["problems"]


def loaded_from(*paths):
    """Load files, which may be refused, and return what the journal keeps of them."""
    with suppress(CommandError):
        call_command("first_load", "--provider", "w", *map(str, paths))
    return Message.objects.latest("at").answer


def test_what_is_named_may_come_in_a_later_file(partner, tmp_path, ways):
    children = [rows.register("sh-x", meter="pu-x"), rows.meter("pu-x", supply_point="to-001")]

    loaded_from(written(tmp_path / "one.ndjson", children), written(tmp_path / "two.ndjson", told()))

    assert ways == [True, False]
    assert ("sh-x", "pu-x", "to-001", "dog-001", True) in above()


def test_what_does_not_go_straight_in_leaves_nothing(partner, by):
    before = definitions(TABLES)

    with (
        pytest.raises(NotAtAGlance),
        first.first_load(first.Kind.CONTRACTS, partner=partner, by=by, at=AT, is_straight=True) as loading,
    ):
        loading.take(contracts_sheet("dog-1", "dog-2", "dog-1"))

    assert (Contract.objects.count(), definitions(TABLES)) == (0, before)
    assert not Message.objects.exists()


def test_refused_rows_are_named_and_nothing_comes_in(partner, tmp_path):
    before = definitions(TABLES)
    lines = [*told(), rows.point("to-x", contract="nowhere"), rows.register("sh-x", meter="nowhere")]

    with pytest.raises(CommandError, match=r"(?s)ошибок: 2.строка 201: supply_point to-x contract unknown_reference"):
        call_command("first_load", "--provider", "w", str(written(tmp_path / "one.ndjson", lines)))

    assert (Contract.objects.count(), definitions(TABLES)) == (0, before)
    assert Message.objects.get().answer["outcome"] == "refused"


def test_rows_that_a_key_alone_forbids_are_refused_by_its_name(partner, by):
    before = definitions(TABLES)

    with (
        pytest.raises(BatchRefused) as refusal,
        first.first_load(first.Kind.CONTRACTS, partner=partner, by=by, at=AT) as loading,
    ):
        hand_over_beside_twins(loading)

    assert refusal.value.report.problems[0].field == "contract_external_id_once"
    assert (Contract.objects.count(), definitions(TABLES)) == (0, before)


def hand_over_beside_twins(loading):
    """Somebody else's program has written two contracts of one name: the key that is made anew finds them."""
    loading.take(contracts_sheet("dog-1"))
    for _ in range(2):
        world.contract(loading.partner.provider, external_id="c1")


@pytest.mark.parametrize("is_straight", [False, True])
def test_killed_in_the_middle_leaves_everything_as_it_was(partner, by, is_straight):
    before = definitions(TABLES)

    with (
        pytest.raises(OperationalError),
        first.first_load(first.Kind.EVERYTHING, partner=partner, by=by, at=AT, is_straight=is_straight) as loading,
    ):
        hand_over_and_be_killed(loading)

    connection.close()
    assert (Contract.objects.count(), definitions(TABLES)) == (0, before)
    assert not Message.objects.exists()


def hand_over_and_be_killed(loading):
    loading.take(contracts_sheet("dog-1", "dog-2"))
    loading.pour()
    kill(connection.connection.info.backend_pid)


def test_the_same_again_is_the_same_load(partner, by):
    reports = []
    for _ in range(2):
        with first.first_load(first.Kind.CONTRACTS, partner=partner, by=by, at=AT) as loading:
            loading.take(contracts_sheet("dog-1", "dog-2"))
            loading.take(contracts_sheet("dog-3"))
        reports.append(loading.taken)

    assert reports[0] == reports[1]
    assert reports[0].entities["contract"].inserted == 3
    assert Message.objects.count() == 1


@pytest.mark.parametrize("are_gone", [False, True])
def test_the_same_again_does_not_go_straight_in(partner, by, are_gone):
    """What the key of the load is bound to was written then, even where the rows are gone since."""
    for goes_in in (True, False):
        with (
            nullcontext() if goes_in else pytest.raises(NotAtAGlance),
            first.first_load(first.Kind.CONTRACTS, partner=partner, by=by, at=AT, is_straight=True) as loading,
        ):
            loading.take(contracts_sheet("dog-1", "dog-2"))
        if are_gone:
            emptied()

    assert Contract.objects.count() == (0 if are_gone else 2)


def test_provider_with_contracts_is_sent_to_the_exchange(partner, tmp_path):
    world.contract(partner.provider)

    with pytest.raises(CommandError, match="обменом"):
        call_command("first_load", "--provider", "w", str(written(tmp_path / "one.ndjson", told(1))))


def test_a_few_rows_and_full_tables_keep_their_keys(w, monkeypatch):
    monkeypatch.setattr(first, "LEAST", 2)
    world.meter(world.contract(w))

    worth = [first.is_worth_it(first.Kind.CONTRACTS, rows=count) for count in (1, 3, 4)]

    assert worth == [False, False, True]


def test_nobody_who_is_asked_over_the_network_can_begin_one():
    naming = {str(each) for each in sources() if "first_load" in each.path.read_text(encoding="utf-8")}

    assert naming == {"kabinet/exchange/services/first.py"}
    assert (ROOT / "kabinet/exchange/management/commands/first_load.py").exists()
