"""Acts of reconciliation: printed once, uploaded, answered, whatever fails."""

import uuid
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from kabinet.exchange.values.entities import ROWS
from sandbox.billing.desk import Desk
from sandbox.billing.papers import act_as_pdf
from sandbox.billing.statements import Balance, Entry, Statement, sentence
from sandbox.billing.values import Fault
from sandbox.database import Database
from tests.sandbox.portal import Played
from tests.sandbox.sent import OWN, sent

pytestmark = pytest.mark.spec("DOC-03", "BILL-03")


def asked(seq: int, **facts: str) -> dict[str, Any]:
    """Return the feed's item of a request for an act."""
    item = sent(seq, 0)
    payload = {
        "request": str(uuid.uuid5(uuid.NAMESPACE_URL, f"request {seq}")), "contract": OWN, "since": "2026-01-01",
        "until": "2026-09-30", "delivery": "cabinet", "asked_at": item["at"],
    }  # fmt: skip
    return item | {"kind": "billing.act_requested", "payload": payload | facts}


def acts_of(portal: Played) -> list[dict[str, Any]]:
    return portal.rows_of("reconciliation_act")


def test_act_is_printed_uploaded_and_answered(desk: Desk, portal: Played) -> None:
    item = asked(1)
    portal.items.append(item)

    desk.tick()

    (row,), (pdf,) = acts_of(portal), portal.files
    assert pdf.startswith(b"%PDF-")
    assert (row["request"], row["verdict"], row["number"]) == (item["payload"]["request"], "prepared", "АС-00001")
    assert (row["made_on"], ROWS.validate_python(row).external_id) == ("2026-10-09", row["external_id"])
    assert portal.acknowledged == 1


def test_request_that_comes_again_is_answered_once(desk: Desk, portal: Played) -> None:
    portal.items += [asked(1), asked(2, request=asked(1)["payload"]["request"])]

    desk.tick()
    desk.tick()

    assert len(acts_of(portal)) == len(portal.files) == 1


def test_upload_that_fails_is_tried_again_with_the_same_bytes(desk: Desk, portal: Played) -> None:
    portal.items.append(asked(1))
    portal.uploads += [503, 429]

    for _ in range(3):
        desk.tick()

    assert len(portal.files) == 1
    assert len(acts_of(portal)) == 1


def test_file_that_is_refused_for_good_refuses_the_request(desk: Desk, portal: Played) -> None:
    portal.items.append(asked(1))
    portal.uploads.append(415)

    desk.tick()

    (row,) = acts_of(portal)
    assert (row["verdict"], row["reason"]) == ("refused", "Файл акта не передан в кабинет.")


def test_unknown_contract_and_the_fault_refuse_with_a_reason(desk: Desk, portal: Played, books: Database) -> None:
    portal.items.append(asked(1, contract="c9"))
    desk.tick()
    with books.transaction() as db:
        db.execute("UPDATE provider SET fault = ?", (Fault.REFUSE_ALL,))
    portal.items.append(asked(2))
    desk.tick()

    assert [(row["verdict"], bool(row["reason"])) for row in acts_of(portal)] == [("refused", True)] * 2
    assert portal.files == []


def test_statement_of_the_domains_example() -> None:
    statement = Statement(
        Balance(Decimal("10000.00")),
        [
            Entry(date(2026, 10, 10), "Оплата", credit=Decimal("30000.00")),
            Entry(date(2026, 10, 25), "Оплата", credit=Decimal("40000.00")),
            Entry(date(2026, 10, 31), "Реализация", debit=Decimal("112345.67")),
        ],
    )

    assert (statement.debit, statement.credit) == (Decimal("112345.67"), Decimal("70000.00"))
    assert (statement.closing.debit, statement.closing.credit) == (Decimal("52345.67"), Decimal(0))
    assert sentence(statement.closing, on=date(2026, 10, 31), supplier="Водоканал", customer="ООО «Родник»") == (
        "На 31.10.2026 задолженность в пользу Водоканал составляет 52\N{NO-BREAK SPACE}345,67 руб. "
        "(пятьдесят две тысячи триста сорок пять рублей 67 копеек)."
    )


def test_advance_stands_in_the_credit_column() -> None:
    closing = Statement(Balance(Decimal(0)), [Entry(date(2026, 10, 1), "Оплата", credit=Decimal(5))]).closing

    assert (closing.debit, closing.credit) == (Decimal(0), Decimal(5))
    assert "в пользу ООО «Родник»" in sentence(
        closing, on=date(2026, 10, 1), supplier="Водоканал", customer="ООО «Родник»"
    )


def test_act_with_rows_is_printed() -> None:
    statement = Statement(Balance(Decimal(1)), [Entry(date(2026, 10, 1), "Счёт № 1", debit=Decimal("2.5"))])
    parties = {"supplier": "Водоканал", "customer": "ООО «Родник»", "contract": "17"}

    pdf = act_as_pdf(
        statement, number="1", made_on=date(2026, 10, 9), since=date(2026, 1, 1), until=date(2026, 10, 1),
        parties=parties,
    )  # fmt: skip

    assert pdf.startswith(b"%PDF-")
