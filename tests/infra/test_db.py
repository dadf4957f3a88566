"""One use case, one transaction."""

import pytest
from django.db import transaction

from kabinet.infra import limits
from kabinet.infra.db import NestedUseCase, NoTransaction, WithinUseCase, step, use_case
from kabinet.infra.models import HandlerCursor
from tests.infra.test_limits import THREE_AN_HOUR


@use_case
def open_account(*, then=None):
    write_row()
    if then:
        then()


@use_case
def close_account():
    write_row()


@step
def write_row():
    HandlerCursor.objects.create(handler="test", seq=1)


@pytest.mark.django_db(transaction=True)
def test_use_case_commits_what_its_steps_wrote():
    open_account()

    assert HandlerCursor.objects.filter(handler="test").exists()


@pytest.mark.django_db(transaction=True)
def test_refusal_takes_everything_back():
    def refuse():
        raise ValueError

    with pytest.raises(ValueError, match=r"^$"):
        open_account(then=refuse)

    assert not HandlerCursor.objects.filter(handler="test").exists()


@pytest.mark.django_db
def test_nested_use_case_names_both():
    with pytest.raises(NestedUseCase) as caught:
        open_account(then=close_account)

    assert caught.value.inner.endswith("test_db.close_account")
    assert caught.value.outer.endswith("test_db.open_account")


@pytest.mark.django_db
def test_use_case_begins_anew_after_a_nested_one_was_refused():
    with pytest.raises(NestedUseCase):
        open_account(then=close_account)

    close_account()


@pytest.mark.django_db(transaction=True)
def test_use_case_refuses_a_transaction_that_it_did_not_begin():
    with transaction.atomic(), pytest.raises(RuntimeError, match="durable"):
        open_account()


@pytest.mark.django_db(transaction=True)
def test_step_outside_of_a_use_case_is_refused():
    with pytest.raises(NoTransaction):
        write_row()


@pytest.mark.django_db
@pytest.mark.parametrize("count", [limits.spend, limits.give_back])
def test_limit_within_a_use_case_is_refused(count):
    with pytest.raises(WithinUseCase, match=r"links.*open_account"):
        open_account(then=lambda: count(THREE_AN_HOUR, "anna"))
