"""Acts as customers ask for them and billing answers."""

import hashlib
from datetime import date
from typing import Any

from kabinet.accounts.models import User
from kabinet.billing.models import ReconciliationAct
from kabinet.billing.services import acts
from kabinet.billing.values import ActWish, Delivery
from kabinet.contracts.models import Contract
from kabinet.infra import ids
from tests import world

PDF = b"%PDF-1.7\n" + b"act of reconciliation\n%%EOF\n"
SINCE, UNTIL = date(2026, 1, 1), date(2026, 9, 30)


def ask(
    contract: Contract,
    user: User,
    *,
    since: date = SINCE,
    until: date = UNTIL,
    delivery: Delivery = Delivery.CABINET,
    key: str = "",
) -> ReconciliationAct:
    return acts.ask(
        contract,
        ActWish(since, until, delivery),
        key=key or str(ids.new()),
        by=world.actor(user, contract.provider),
        at=world.NOW,
        today=world.TODAY,
    )


def upload(billing: Any, body: bytes = PDF, *, media: str = "application/pdf") -> Any:
    return billing.client.generic("POST", f"{billing.base}files/", body, content_type=media)


def row(act: ReconciliationAct, **changed: Any) -> dict[str, Any]:
    """Return billing's answer; without `file` it is a refusal."""
    facts = {
        "entity": "reconciliation_act", "source": "billing", "external_id": f"act-{act.pk}", "version": 1,
        "request": str(act.pk), "contract": act.contract.external_id,
    }  # fmt: skip
    if changed.get("file"):
        facts |= {"verdict": "prepared", "number": "77", "made_on": "2026-10-08"}
    else:
        facts |= {"verdict": "refused", "reason": "Расчётов не было."}
    return facts | changed


def prepare(billing: Any, act: ReconciliationAct, body: bytes = PDF, **changed: Any) -> ReconciliationAct:
    """Let billing upload the act and say whose it is."""
    file = upload(billing, body).json()["file"]
    answer = billing.send(row(act, file=file, **changed))
    assert answer.status_code == 200, answer.content.decode()
    act.refresh_from_db()
    return act


def sha256(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()
