"""A customer who may ask for acts, and the bytes of one."""

import pytest

from kabinet.accounts.models import User
from kabinet.billing.models import ReconciliationAct
from kabinet.contracts.models import Contract, Membership
from tests import world
from tests.billing.acts import ask
from tests.exchange.conftest import billing, billing_v

__all__ = ["billing", "billing_v"]


@pytest.fixture(autouse=True)
def _files_of_the_test(settings, tmp_path) -> None:
    where = {"location": tmp_path / "files"}
    settings.STORAGES = settings.STORAGES | {"default": settings.STORAGES["default"] | {"OPTIONS": where}}


@pytest.fixture
def asked(contract: Contract, anna: User) -> ReconciliationAct:
    """An act that Anna has asked for, to be had in the cabinet."""
    if not Membership.objects.filter(user=anna, contract=contract).exists():
        world.link(anna, contract)
    return ask(contract, anna)
