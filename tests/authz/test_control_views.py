"""A view without its filter is reported, whichever it is: another one with each commit, all of them in a deep run."""

import sys

import pytest

from kabinet.billing import selectors as billing
from kabinet.contracts import selectors as contracts
from kabinet.readings.selectors import files
from kabinet.tickets import selectors as tickets
from tests.authz.judge import faults_of
from tests.authz.rows import rows
from tests.deep import share

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("matrix-1")]

VIEWS = [
    (contracts, "contracts_of", "contracts:card GET"),
    (contracts, "contracts_of", "contracts:unlink GET,POST"),
    (contracts, "annexes_of", "contracts:annex GET"),
    (contracts, "link_requests_of", "contracts:cancel POST"),
    (billing, "acts_of", "billing:acts GET"),
    (files, "files_of", "readings:file GET"),
    (tickets, "tickets_of", "tickets:ticket GET"),
]


def without_filter(selector):
    """Return the selector as it would be if somebody forgot for whom it selects."""

    def everything(*args, **facts):
        found = selector(*args, **facts).all()
        found.query.where = type(found.query.where)()
        return found

    return everything


def plant(monkeypatch, module, name):
    """Put the careless selector wherever the good one has been imported."""
    good = getattr(module, name)
    careless = without_filter(good)
    for each in [one for key, one in sys.modules.items() if key.startswith("kabinet.")]:
        for known, thing in list(vars(each).items()):
            if thing is good:
                monkeypatch.setattr(each, known, careless)


@pytest.mark.parametrize(("module", "name", "row"), share(VIEWS), ids=[row for *_, row in share(VIEWS)])
def test_view_without_its_filter_is_reported(module, name, row, asker, cast, monkeypatch, figures):
    plant(monkeypatch, module, name)

    faults = faults_of(next(one for one in rows() if str(one) == row), asker, cast)

    signs = ("expected «404», got", "«ZNAK-", "is not answered as")
    shown = [fault for fault in faults if any(sign in fault for sign in signs)]
    assert shown, faults
    figures(views_without_filter=1, reported=1)
