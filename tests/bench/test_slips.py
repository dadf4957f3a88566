"""The benchmark of slips prints what it measures."""

import pytest

from bench import slips
from bench.frame import Clocked

pytestmark = [pytest.mark.django_db, pytest.mark.spec("PAY-04")]


def test_a_slip_and_its_bare_print_are_both_clocked(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    (contract,), (other,) = slips._town(1), slips._town(1, since=1)
    clocked = Clocked()

    slips._one(contract, beside=other, clocked=clocked)

    assert set(clocked.spent) == {"slip", "bare"}
    (file,) = (tmp_path / "cache" / "slips").iterdir()
    assert file.read_bytes().startswith(b"%PDF")
