"""History only grows, and its chain shows who touched it (TRUST 11, I30)."""

from io import StringIO
from uuid import UUID

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from kabinet.infra import audit, chain, clock
from kabinet.infra.chain import Break, Fault
from kabinet.infra.db import NoTransaction, transaction_of
from kabinet.infra.models import AuditAnchor, AuditRow, HandlerCursor, UnanchoredRow
from kabinet.kernel.actors import Actor, ActorKind, Channel

ANNA = Actor(ActorKind.CUSTOMER, id=UUID(int=7), provider_id=UUID(int=1), channel=Channel.API, reason="asked")
CHANGES = {
    "update": "UPDATE infra_auditrow SET act = 'other'",
    "delete": "DELETE FROM infra_auditrow",
    "update of an anchor": "UPDATE infra_auditanchor SET digest = ''",
    "delete of an anchor": "DELETE FROM infra_auditanchor",
    "truncate": "TRUNCATE infra_auditrow",
}


def record(act="tested"):
    with transaction_of("test"):
        return audit.record(
            act, HandlerCursor(handler="h"), before={"a": 1}, after="b", by=ANNA, contract_id=UUID(int=2)
        )


def anchor():
    return chain.anchor(at=clock.technical_now())


def run_sql(statement, *, as_owner=False):
    with transaction.atomic(), connection.cursor() as cursor:
        if as_owner:
            cursor.execute("SET LOCAL ROLE NONE")
        cursor.execute(statement)
        if as_owner:
            cursor.execute("SET LOCAL ROLE kabinet_app")


def tamper(statement):
    """Do what only the owner can who first takes the trigger away."""
    run_sql("ALTER TABLE infra_auditrow DISABLE TRIGGER USER", as_owner=True)
    run_sql(statement, as_owner=True)
    run_sql("ALTER TABLE infra_auditrow ENABLE TRIGGER USER", as_owner=True)


@pytest.mark.django_db
def test_row_says_who_did_what_to_what():
    row = AuditRow.objects.get(pk=record().pk)

    assert (row.act, row.target_kind, row.target_id) == ("tested", "handlercursor", "h")
    assert (row.before, row.after, row.contract_id) == ({"a": 1}, "b", UUID(int=2))
    assert (row.actor_kind, row.actor_id, row.provider_id) == ("customer", UUID(int=7), UUID(int=1))
    assert (row.channel, row.reason) == ("api", "asked")


@pytest.mark.django_db(transaction=True)
def test_record_outside_of_a_use_case_is_refused():
    with pytest.raises(NoTransaction):
        audit.record("tested", HandlerCursor(handler="h"), before=None, after=None, by=ANNA)


@pytest.mark.django_db
@pytest.mark.parametrize("change", CHANGES)
def test_application_may_not_change_history(change):
    record()
    anchor()

    with pytest.raises(DatabaseError, match="permission denied"):
        run_sql(CHANGES[change])


@pytest.mark.django_db
@pytest.mark.parametrize("change", ["update", "delete"])
def test_owner_is_stopped_by_the_trigger(change):
    record()

    with pytest.raises(DatabaseError, match="appended only"):
        run_sql(CHANGES[change], as_owner=True)


@pytest.mark.django_db
def test_anchor_takes_all_rows_that_wait():
    rows = {record().pk, record().pk}

    made = anchor()

    assert set(made.rows) == rows
    assert not UnanchoredRow.objects.exists()
    assert anchor() is None


@pytest.mark.django_db
def test_row_that_no_code_of_ours_inserted_is_anchored_too():
    run_sql(
        "INSERT INTO infra_auditrow (id, at, act, target_kind, target_id, actor_kind, channel, reason)"
        " VALUES (gen_random_uuid(), now(), 'a', 'k', 't', 'job', 'system', '')"
    )

    assert len(anchor().rows) == 1


@pytest.mark.django_db(transaction=True)
def test_chain_that_nobody_touched_holds():
    for _ in range(3):
        record()
        anchor()
    record()

    assert list(chain.faults()) == []
    assert verify().startswith("The chain holds: 3:")


@pytest.mark.django_db
def test_changed_row_breaks_its_anchor():
    record()
    touched = record()
    anchor()

    tamper(f"UPDATE infra_auditrow SET after = '\"c\"' WHERE id = '{touched.pk}'")

    assert list(chain.faults()) == [Fault(Break.DIGEST_DIFFERS, 1, 2)]


@pytest.mark.django_db
def test_removed_row_is_missed():
    record()
    gone = record()
    anchor()

    tamper(f"DELETE FROM infra_auditrow WHERE id = '{gone.pk}'")

    assert list(chain.faults()) == [Fault(Break.ROWS_MISSING, 1, 1)]


@pytest.mark.django_db
def test_row_slipped_past_the_trigger_is_outside():
    record()
    anchor()

    tamper(
        "INSERT INTO infra_auditrow (id, at, act, target_kind, target_id, actor_kind, channel, reason)"
        " VALUES (gen_random_uuid(), now(), 'a', 'k', 't', 'job', 'system', '')"
    )

    assert list(chain.faults()) == [Fault(Break.ROWS_OUTSIDE, None, 1)]


@pytest.mark.django_db
def test_removed_anchor_leaves_a_gap():
    for _ in range(3):
        record()
        anchor()

    tamper("DELETE FROM infra_auditanchor WHERE number = 2")

    codes = [fault.code for fault in chain.faults()]
    assert codes == [Break.ANCHOR_MISSING, Break.DIGEST_DIFFERS, Break.ROWS_OUTSIDE]


@pytest.mark.django_db
def test_anchor_made_anew_breaks_those_behind_it():
    for _ in range(2):
        record()
        anchor()

    tamper("UPDATE infra_auditanchor SET digest = 'new' WHERE number = 1")

    assert [fault.anchor for fault in chain.faults()] == [1, 2]


@pytest.mark.django_db(transaction=True)
def test_verify_knows_an_anchor_that_was_written_down():
    record()
    made = anchor()

    assert verify(expect=f"1:{made.digest}")
    for other in ("1:other", f"2:{made.digest}", "nonsense"):
        with pytest.raises(CommandError):
            verify(expect=other)


@pytest.mark.django_db(transaction=True)
def test_verify_fails_aloud():
    record()
    anchor()
    tamper("DELETE FROM infra_auditrow")
    said = StringIO()

    with pytest.raises(CommandError):
        call_command("audit_verify", stderr=said)

    assert "rows_missing: anchor 1, rows 1" in said.getvalue()


@pytest.mark.django_db(transaction=True)
def test_rows_of_many_writers_are_each_anchored_once(at_once):
    def write_and_anchor(number):
        record()
        return anchor() if number % 4 == 0 else None

    faults = [result for result in at_once(write_and_anchor, 20) if isinstance(result, Exception)]
    anchor()

    bound = [row for link in AuditAnchor.objects.all() for row in link.rows]
    assert faults == []
    assert len(bound) == len(set(bound)) == AuditRow.objects.count() == 20
    assert list(chain.faults()) == []


def verify(**options):
    said = StringIO()
    call_command("audit_verify", stdout=said, stderr=StringIO(), **options)
    return said.getvalue()
