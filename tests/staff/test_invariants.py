"""What constraints cannot hold is counted again: a world made by use cases holds, and each fault is found."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command

from kabinet.infra import ids
from kabinet.infra.models import Event
from kabinet.readings.models import Reading, SewageVolume, Submission
from kabinet.staff.selectors.invariants import broken_files, recounts
from tests import world
from tests.contracts.test_papers import uploaded
from tests.readings.test_services import send
from tests.readings.test_volumes import send as send_volume
from tests.refusals import again
from tests.staff.owner import as_owner

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at")]


@pytest.fixture
def sent(contract, register, anna):
    """A reading and its correction, and a volume, as people sent them."""
    contract.has_hot_water = True
    contract.save()
    world.link(anna, contract)
    send(contract, anna, (register, "240"))
    send(contract, anna, (register, "243"))
    send_volume(contract, anna, (contract.points.get(), "7"))
    return Submission.objects.get(state="sent")


def broken():
    return {(recount.invariant, recount.says.split()[0]) for recount, found in recounts() if found}


def test_world_made_by_use_cases_holds(sent):
    assert Submission.objects.count() == 2
    assert SewageVolume.objects.count() == 1
    assert broken() == set()


def written_by_hand(sent, **changed):
    """Write a row past the use case, of another month."""
    return again(sent, month=date(2026, 11, 1), key=str(ids.new()), corrects=None, **changed)


@pytest.fixture
def without_its_key(sent):
    """Let rows be written that the key of what was sent refuses."""
    as_owner(
        "SET CONSTRAINTS ALL IMMEDIATE; ALTER TABLE readings_submission DROP CONSTRAINT submission_of_its_register"
    )


def test_row_that_fell_without_a_word_is_found(sent):
    row = written_by_hand(sent, value=Decimal(200), previous=Decimal(243))

    found = {recount.invariant: rows for recount, rows in recounts()}

    assert found["I5"] == [(row.contract_id, row.id)]


@pytest.mark.parametrize("word", [{"rolls_over": True}, {"confirmed": ["less_than_previous"]}, {"state": "refused"}])
def test_row_that_fell_by_its_senders_word_is_right(sent, word):
    written_by_hand(sent, value=Decimal(200), previous=Decimal(243), **word)

    assert "I5" not in {invariant for invariant, _ in broken()}


def test_row_without_event_and_audit_is_found(sent):
    written_by_hand(sent)

    assert {invariant for invariant, _ in broken()} == {"I7", "I30"}


def test_event_told_twice_is_found(sent):
    told = Event.objects.filter(kind="readings.sent").latest("ordinal")
    Event.objects.create(
        provider_id=told.provider_id, contract_id=told.contract_id, kind=told.kind, payload=told.payload, at=told.at
    )

    assert {invariant for invariant, _ in broken()} == {"I7"}


def test_correction_of_nothing_is_found(sent):
    again(sent, month=date(2026, 11, 1), key="other", corrects=ids.new())

    assert "I3" in {invariant for invariant, _ in broken()}


def test_place_of_another_contract_is_found(sent, without_its_key, w):
    strange = world.register_of(world.meter(world.contract(w)))
    written_by_hand(sent, register_id=strange.pk)

    assert "I34" in {invariant for invariant, _ in broken()}


def test_row_of_another_provider_is_found(sent, without_its_key, v):
    written_by_hand(sent, provider_id=v.pk)

    assert "I34" in {invariant for invariant, _ in broken()}


def test_volume_without_event_is_found(sent):
    again(SewageVolume.objects.get(), month=date(2026, 11, 1), key="other")

    assert {invariant for invariant, _ in broken()} == {"I7", "I30"}


def test_accepted_reading_of_nothing_that_was_sent_is_found(sent, register):
    world.accepted(register, "244", month="2026-10", taken_on=world.TODAY, submission_id=ids.new())

    assert broken() == {("I7", "an")}
    assert Reading.objects.count() == 2


def test_lost_bytes_are_found(w, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    paper = uploaded(w, at=world.NOW)
    assert list(broken_files()) == []

    default_storage.delete(paper.stored.place)

    assert [finding.row_id for finding in broken_files()] == [paper.stored_id]


@pytest.mark.django_db(transaction=True)
def test_command_names_the_rows_by_ids_and_fails(contract, register, anna, capsys):
    world.link(anna, contract)
    send(contract, anna, (register, "243"))
    call_command("audit_invariants", files=True)
    row = written_by_hand(Submission.objects.get())

    with pytest.raises(CommandError, match="break an invariant: 2"):
        call_command("audit_invariants")

    told = capsys.readouterr()
    assert "All invariants hold." in told.out
    assert told.err.count(f"contract {contract.pk}, row {row.id}") == 2
    assert contract.customer_name not in told.out + told.err
