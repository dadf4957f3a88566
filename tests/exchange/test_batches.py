"""What a batch does to the tables, the first time and the next."""

import pytest
from django.db import connection

from kabinet.contracts.models import Contract, House, Meter, Register, SupplyPoint
from kabinet.exchange.models import Message
from kabinet.infra.models import AuditRow
from kabinet.readings.models import Reading
from tests.exchange import rows

pytestmark = [pytest.mark.django_db, pytest.mark.spec("BILL-01")]

TABLES = {
    "contracts_house": House,
    "contracts_contract": Contract,
    "contracts_supplypoint": SupplyPoint,
    "contracts_meter": Meter,
    "contracts_register": Register,
    "readings_reading": Reading,
}


def row_versions():
    """Return where each row lies and which transaction wrote it: a rewritten row has another place."""
    with connection.cursor() as cursor:
        found = {}
        for table in TABLES:
            cursor.execute(f"SELECT ctid::text, xmin::text, id FROM {table} ORDER BY id")
            found[table] = cursor.fetchall()
    return found


def problems_of(response):
    assert response.status_code == 422, response.content.decode()
    return [
        (p["line"], p["entity"], p["external_id"], p["field"], p["code"])
        for p in response.json()["details"]["problems"]
    ]


def test_first_batch_brings_everything_in(billing, w):
    response = billing.send(*rows.whole_contract())

    assert response.status_code == 200, response.content.decode()
    assert {name: counts["inserted"] for name, counts in response.json()["entities"].items()} == {
        "contract": 1, "supply_point": 1, "meter": 1, "register": 1, "reading": 1,
    }  # fmt: skip
    meter = Meter.objects.get()
    assert (meter.provider, meter.contract.number, meter.point.code, meter.number_key) == (w, "ХВС-17", "1", "117")
    assert Reading.objects.get().register == meter.registers.get()


def test_same_rows_again_rewrite_nothing(billing):
    billing.send(*rows.whole_contract())
    before = row_versions()

    response = billing.send(*rows.whole_contract())

    assert {name: counts["unchanged"] for name, counts in response.json()["entities"].items()} == dict.fromkeys(
        ("contract", "supply_point", "meter", "register", "reading"), 1
    )
    assert row_versions() == before


def test_newer_version_changes_its_row_alone(billing):
    billing.send(*rows.whole_contract(), rows.contract("dog-2"))
    before = row_versions()

    response = billing.send(rows.contract(version=2, customer_name="АО «Ромашка»"), rows.contract("dog-2"))

    counts = response.json()["entities"]["contract"]
    assert (counts["updated"], counts["unchanged"]) == (1, 1)
    assert Contract.objects.get(external_id="dog-1").customer_name == "АО «Ромашка»"
    assert len(set(row_versions()["contracts_contract"]) & set(before["contracts_contract"])) == 1


def test_older_version_is_stale_and_left_alone(billing):
    billing.send(rows.contract(version=5))

    response = billing.send(rows.contract(version=4, customer_name="АО «Прежнее»"))

    assert response.json()["entities"]["contract"]["stale"] == 1
    assert Contract.objects.get().customer_name == "ООО «Ромашка»"


def test_same_version_with_other_content_is_refused(billing):
    billing.send(rows.contract())

    response = billing.send(rows.contract("dog-2"), rows.contract(customer_name="АО «Другое»"))

    assert problems_of(response) == [(2, "contract", "dog-1", "version", "version_conflict")]
    assert Contract.objects.count() == 1


def test_refused_row_takes_the_whole_batch_with_it(billing):
    response = billing.send(*rows.whole_contract(), rows.point("to-2", contract="no-such"))

    assert problems_of(response) == [(6, "supply_point", "to-2", "contract", "unknown_reference")]
    assert Contract.objects.count() == 0


def test_all_entities_are_checked_at_once(billing):
    response = billing.send(
        rows.contract(), rows.point("to-2", contract="no-such"), rows.meter("pu-2", supply_point="to-2"),
        rows.reading(register="no-such"),
    )  # fmt: skip

    assert problems_of(response) == [
        (2, "supply_point", "to-2", "contract", "unknown_reference"),
        (4, "reading", "pok-1", "register", "unknown_reference"),
    ]


def test_other_providers_rows_are_unknown(billing, billing_v):
    billing_v.send(*rows.whole_contract())

    response = billing.send(rows.point("to-7"), rows.reading("pok-7"))

    assert [problem[-1] for problem in problems_of(response)] == ["unknown_reference", "unknown_reference"]


def test_same_external_ids_of_two_providers_live_apart(billing, billing_v):
    billing.send(*rows.whole_contract())

    response = billing_v.send(*rows.whole_contract())

    assert response.status_code == 200
    assert Contract.objects.filter(external_id="dog-1").count() == 2


def test_reference_cannot_be_moved(billing):
    billing.send(*rows.whole_contract(), rows.contract("dog-2"))

    response = billing.send(rows.point(version=2, contract="dog-2"))

    assert problems_of(response) == [(1, "supply_point", "to-1", "contract", "reference_fixed")]


def test_twin_rows_of_a_batch_are_refused(billing):
    response = billing.send(rows.contract(), rows.contract("dog-2"), rows.contract())

    assert problems_of(response) == [(3, "contract", "dog-1", "external_id", "duplicate_row")]


def test_twins_of_a_stored_row_are_refused(billing):
    billing.send(rows.contract())

    response = billing.send(rows.contract(), rows.contract("dog-2"), rows.contract())

    assert problems_of(response) == [(3, "contract", "dog-1", "external_id", "duplicate_row")]


def test_meter_and_its_successor_come_together(billing):
    response = billing.send(
        rows.contract(), rows.point(), rows.meter(valid_to="2026-10-01", replaced_by="pu-2"),
        rows.meter("pu-2", valid_from="2026-10-01"),
    )  # fmt: skip

    assert response.status_code == 200, response.content.decode()
    assert Meter.objects.get(external_id="pu-1").replaced_by.external_id == "pu-2"


def test_successor_must_exist_and_differ(billing):
    billing.send(rows.contract(), rows.point())

    response = billing.send(rows.meter(replaced_by="pu-9"), rows.meter("pu-2", replaced_by="pu-2"))

    assert [problem[3:] for problem in problems_of(response)] == [
        ("replaced_by", "unknown_reference"),
        ("replaced_by", "replaces_itself"),
    ]


def test_ended_contract_gets_its_last_day(billing):
    billing.send(rows.contract())

    billing.send(rows.contract(version=2, valid_to="2026-10-01"))

    assert str(Contract.objects.get().valid_to) == "2026-10-01"


def test_overlapping_register_is_named(billing):
    billing.send(*rows.whole_contract())

    response = billing.send(rows.register("sh-2", valid_from="2026-01-01"))

    assert problems_of(response) == [(1, "register", "sh-2", "valid_from", "overlaps")]


def test_new_register_is_named_beside_the_stored_one_that_it_overlaps(billing):
    billing.send(*rows.whole_contract())

    response = billing.send(rows.register("sh-2", valid_from="2026-01-01"), rows.register())

    assert problems_of(response) == [(1, "register", "sh-2", "valid_from", "overlaps")]


def test_registers_overlapping_within_a_batch_are_named(billing):
    response = billing.send(rows.contract(), rows.point(), rows.meter(), rows.register(), rows.register("sh-2"))

    assert problems_of(response) == [(5, "register", "sh-2", "valid_from", "overlaps")]


def test_register_may_follow_another_on_the_day(billing):
    billing.send(*rows.whole_contract())

    response = billing.send(
        rows.register("sh-2", valid_from="2026-10-01"), rows.register(version=2, valid_to="2026-10-01")
    )

    assert response.status_code == 200, response.content.decode()


def test_border_between_two_registers_may_move(billing):
    billing.send(
        rows.contract(), rows.point(), rows.meter(), rows.register(valid_to="2026-06-01"),
        rows.register("sh-2", valid_from="2026-06-01"),
    )  # fmt: skip

    response = billing.send(
        rows.register(version=2, valid_to="2026-07-01"), rows.register("sh-2", version=2, valid_from="2026-07-01")
    )

    assert response.status_code == 200, response.content.decode()
    assert response.json()["entities"]["register"]["updated"] == 2


def test_reading_must_fit_the_dial(billing):
    response = billing.send(*rows.whole_contract(), rows.reading("pok-2", value="100000"))

    assert problems_of(response) == [(6, "reading", "pok-2", "value", "too_many_digits")]


def test_reading_of_a_closed_month_is_billings_right(billing):
    billing.send(*rows.whole_contract(), rows.period("2026-09", "closed"))

    response = billing.send(rows.reading("pok-2", value="240"), rows.reading(version=2, value="232"))

    assert response.status_code == 200
    assert sorted(str(value) for value in Reading.objects.values_list("value", flat=True)) == ["232.0000", "240.0000"]


def test_dry_run_tells_and_writes_nothing(billing):
    response = billing.send(*rows.whole_contract(), query="?dry_run=1")

    assert (response.json()["outcome"], response.json()["entities"]["meter"]["inserted"]) == ("checked", 1)
    assert Contract.objects.count() == 0
    assert AuditRow.objects.count() == 0
    assert Message.objects.get().kind == "batch.dry_run"


def test_dry_run_does_not_bind_its_key(billing):
    billing.send(*rows.whole_contract(), key="one", query="?dry_run=1")

    response = billing.send(*rows.whole_contract(), key="one")

    assert response.json()["entities"]["contract"]["inserted"] == 1


def test_one_audit_row_a_batch(billing):
    response = billing.send(*rows.whole_contract(), rows.contract("dog-2"))

    row = AuditRow.objects.get()
    assert (row.act, row.actor_kind, row.channel) == ("exchange.batch_taken", "partner", "exchange")
    assert (row.target_id, row.after["contract"]["inserted"]) == (response.json()["batch"], 2)


def test_same_key_and_file_give_the_first_answer(billing):
    first = billing.send(*rows.whole_contract(), key="one")

    second = billing.send(*rows.whole_contract(), key="one")

    assert second.json() == first.json()
    assert Message.objects.count() == 1


def test_same_key_with_another_file_is_a_conflict(billing):
    first = billing.send(rows.contract(), key="one")

    response = billing.send(rows.contract("dog-2"), key="one")

    assert (response.status_code, response.json()["code"]) == (409, "key_reused")
    assert response.json()["details"]["accepted"]["batch"] == first.json()["batch"]
    assert Contract.objects.count() == 1


def test_refused_batch_leaves_its_key_free(billing):
    billing.send(rows.point(), key="one")

    response = billing.send(rows.contract(), key="one")

    assert response.status_code == 200


def test_report_is_given_again(billing):
    taken = billing.send(*rows.whole_contract()).json()
    refused = billing.send(rows.point(contract="no-such")).json()["details"]

    again = [billing.client.get(f"{billing.base}batches/{report['batch']}/").json() for report in (taken, refused)]

    assert again == [taken, refused]
    assert refused["problems"][0]["text"] == "Запись, на которую указывает поле, не найдена."


def test_journal_holds_no_word_of_the_rows(billing):
    billing.send(rows.contract())
    billing.send(rows.contract("dog-2"), rows.point(contract="no-such"))

    told = " ".join(f"{message.body} {message.answer}" for message in Message.objects.all())

    assert "Ромашка" not in told
    assert "Ленина" not in told


def test_pages_learn_when_billing_was_heard(billing, w, at):
    billing.send(rows.contract())

    w.refresh_from_db()
    assert w.billing_heard_at is not None


def test_ten_thousand_rows(billing):
    many = [rows.contract(f"dog-{place}", number=f"ЛС-{place}") for place in range(10_000)]

    response = billing.send(*many)

    assert response.json()["entities"]["contract"] == {
        "rows": 10_000, "inserted": 10_000, "updated": 0, "unchanged": 0, "stale": 0,
    }  # fmt: skip
    assert Contract.objects.count() == 10_000
