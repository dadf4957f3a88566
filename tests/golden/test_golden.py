"""Every golden case of the folder; needs neither a database nor Django's settings.

Another folder of the same form is named by the environment variable GOLDEN_DIR.
"""

import json
import os
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from .adapters import TABLE, NotBuilt
from .compare import differences

SHIPPED = Path(__file__).parent / "cases"
FOLDER = Path(os.environ.get("GOLDEN_DIR") or SHIPPED).resolve()
SPECS = {
    "fio_match": ["REG-03", "CON-03"],
    "gost_qr": ["PAY-04"],
    "inn": ["CON-01"],
    "input_errors": ["READ-09"],
    "reading_windows": ["READ-02"],
}


def cases() -> Iterator[Any]:
    for path in sorted(FOLDER.glob("*.json")):
        adapter = TABLE.get(path.stem)
        marks = [pytest.mark.spec(*SPECS[path.stem])] if path.stem in SPECS else []
        if isinstance(adapter, NotBuilt):
            reason = f"not built yet: {adapter.reason}"
            yield pytest.param(path.stem, {}, id=path.stem, marks=pytest.mark.skip(reason=reason))
            continue
        for number, case in enumerate(read(path), start=1):
            yield pytest.param(path.stem, case, id=case.get("id", f"{path.stem}-{number}"), marks=marks)


def read(path: Path) -> list[dict[str, Any]]:
    document = json.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)
    found: list[dict[str, Any]] = document["cases"]
    return found


@pytest.mark.parametrize(("file", "case"), list(cases()))
def test_golden_case_is_answered(file: str, case: dict[str, Any]) -> None:
    adapter = TABLE.get(file)
    assert callable(adapter), f"no function is named for {file}.json in tests/golden/adapters.py"

    answer = adapter(case["input"])

    assert not list(differences(case["expected"], answer)), case.get("note", "")


def test_folder_holds_cases_to_run() -> None:
    found = {path.stem for path in FOLDER.glob("*.json")}

    assert any(callable(TABLE.get(file)) for file in found), f"no golden case in {FOLDER}"


def test_table_and_shipped_files_name_each_other() -> None:
    assert {path.stem for path in SHIPPED.glob("*.json")} == set(TABLE)
