"""Annexes to contracts, some with their papers: printed by typst, the same whenever they are printed."""

import json
from datetime import date
from functools import cache, partial
from pathlib import Path
from threading import Lock
from typing import Any, Final

import typst

from demo.values import AnnexSet, Utility
from kabinet.exchange.values import entities

ROOT: Final = Path(__file__).resolve().parent
TEMPLATE: Final = ROOT / "annex.typ"
POINTS_ON_PAPER: Final = 30
RULES_SINCE: Final = date(2022, 1, 1)
_RULES: Final = (
    "Показания снимаются на последнюю дату расчётного периода и передаются до окончания следующих суток.",
    "Показания передаются через личный кабинет: на странице «Показания» или файлом.",
    "При отсутствии показаний объём определяется расчётным способом по правилам розничных рынков.",
    "О неисправности прибора учёта потребитель сообщает в течение суток.",
)
_one_at_a_time = Lock()


def annexes(
    contract: entities.Contract, points: tuple[entities.SupplyPoint, ...], *, utility: Utility, is_own: bool
) -> tuple[AnnexSet, ...]:
    """Return the annexes of a contract: the list of its points, the common rules, and one that has no paper."""
    listed = _annex(contract, "1", "Перечень точек поставки", signed_on=contract.valid_from)
    rules = _annex(contract, "2", "Порядок снятия и передачи показаний", signed_on=RULES_SINCE)
    border = _annex(contract, "3", "Акт разграничения балансовой принадлежности", signed_on=contract.valid_from)
    paper = partial(_list_of_points, contract, points, supplier=utility.name)
    return (
        AnnexSet(listed, paper if is_own else None),
        AnnexSet(rules, partial(_common_rules, supplier=utility.name)),
        AnnexSet(border),
    )


def _annex(contract: entities.Contract, number: str, title: str, *, signed_on: date) -> entities.Annex:
    return entities.Annex(
        external_id=f"{contract.external_id}-a{number}",
        version=1,
        contract=contract.external_id,
        number=number,
        title=title,
        signed_on=signed_on,
        valid_from=signed_on,
    )


def _list_of_points(contract: entities.Contract, points: tuple[entities.SupplyPoint, ...], *, supplier: str) -> bytes:
    shown = [[point.code, point.name, point.address] for point in points[:POINTS_ON_PAPER]]
    return _printed(
        {
            "number": "1",
            "title": "Перечень точек поставки",
            "supplier": supplier,
            "to": f"к договору энергоснабжения № {contract.number}, {contract.customer_name}",
            "rows": shown,
            "left": len(points) - len(shown),
            "rules": [],
        }
    )


@cache
def _common_rules(*, supplier: str) -> bytes:
    return _printed(
        {
            "number": "2",
            "title": "Порядок снятия и передачи показаний",
            "supplier": supplier,
            "to": "к договорам энергоснабжения",
            "rows": [],
            "left": 0,
            "rules": _RULES,
        }
    )


def _printed(facts: dict[str, Any]) -> bytes:
    with _one_at_a_time:
        pdf = _compiler().compile(format="pdf", sys_inputs={"annex": json.dumps(facts, ensure_ascii=False)})
    return bytes(pdf)


@cache
def _compiler() -> Any:
    return typst.Compiler(str(TEMPLATE), root=str(ROOT), ignore_system_fonts=True)
