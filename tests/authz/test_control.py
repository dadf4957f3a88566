"""The matrix sees what it is there to see: with a filter taken away it reports."""

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404

from kabinet.contracts import selectors
from kabinet.contracts.models import Contract
from kabinet.contracts.rules import rights
from kabinet.contracts.views import linking
from tests.authz.judge import faults_of
from tests.authz.rows import rows

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("matrix-1")]


def row(name):
    return next(row for row in rows() if str(row) == name)


def test_it_is_silent_when_nothing_is_wrong(asker, cast):
    assert faults_of(row("contracts:list GET"), asker, cast) == []


def test_a_selector_without_its_filter_is_reported(asker, cast, monkeypatch):
    monkeypatch.setattr(selectors, "contracts_of", lambda viewer, **_: Contract.objects.order_by("pk"))

    shown = faults_of(row("contracts:list GET"), asker, cast)
    opened = faults_of(row("contracts:unlink GET,POST"), asker, cast)

    assert [fault for fault in shown if fault.startswith("contracts:list GET, manager") and "«ZNAK-B»" in fault]
    assert [fault for fault in shown if "newcomer" in fault and "«ZNAK-V»" in fault]
    assert "contracts:unlink GET, manager, foreign: expected «404», got 200" in "\n".join(opened)


def test_a_role_that_may_too_much_is_reported(asker, cast, monkeypatch):
    monkeypatch.setattr(rights, "may", lambda role, action: True)

    faults = "\n".join(faults_of(row("readings:send POST send"), asker, cast))

    assert "readings:send POST send, accountant, own: expected" in faults
    assert "was refused, and changed infra_auditrow" in faults


def test_a_stranger_that_is_told_from_nobody_is_reported(asker, cast, monkeypatch):
    def get_or_tell(rows, pk):
        if found := rows.filter(pk=pk).first():
            return found
        raise PermissionDenied if Contract.objects.filter(pk=pk).exists() else Http404

    monkeypatch.setattr(linking, "get_object_or_404", get_or_tell)

    faults = "\n".join(faults_of(row("contracts:unlink GET,POST"), asker, cast))

    assert "contracts:unlink GET, manager, foreign: is not answered as «missing contract»: status" in faults


def test_a_row_that_lets_too_few_in_is_reported(asker, cast):
    narrow = row("contracts:link GET").model_copy(update={"allow": frozenset({"manager"})})

    faults = faults_of(narrow, asker, cast)

    assert [fault for fault in faults if "accountant, nothing named: expected «403», got 200" in fault]


def test_an_act_that_does_nothing_for_anybody_is_reported(asker, cast):
    idle = row("contracts:link POST").model_copy(update={"body": {"inn": "", "number": ""}})

    assert any("changes nothing for anybody" in fault for fault in faults_of(idle, asker, cast))


def test_a_page_that_writes_when_it_is_looked_at_is_reported(asker, cast, monkeypatch):
    def shown_and_counted(viewer, **_):
        Contract.objects.update(kpp="000000000")
        return Contract.objects.none()

    monkeypatch.setattr(selectors, "contracts_of", shown_and_counted)

    faults = "\n".join(faults_of(row("contracts:list GET"), asker, cast))

    assert "contracts:list GET, manager, nothing named: a GET changed contracts_contract (I33)" in faults
