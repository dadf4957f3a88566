"""Builders of this folder's tests."""

from kabinet.accounts.models import Session, User
from kabinet.contracts.models import Contract, Register
from kabinet.home import services
from kabinet.infra import clock
from kabinet.kernel.periods import Month
from kabinet.readings.services import drafts
from kabinet.readings.services.sending import Sending, submit
from kabinet.readings.values import Entry, Outcome
from tests import world

OCTOBER = Month(2026, 10)


def close(session: Session, *, password: str = world.PASSWORD) -> None:
    by = world.actor(session.user, session.provider)
    services.close_account(password, session=session, by=by, at=world.NOW, technical_at=clock.technical_now())


def type_reading(contract: Contract, register: Register, user: User, raw: str) -> None:
    drafts.save(contract, [Entry(register.pk, raw)], month=OCTOBER, by=world.actor(user, contract.provider),
                at=world.NOW)  # fmt: skip


def send_reading(contract: Contract, register: Register, user: User, raw: str = "243") -> list[Outcome]:
    sending = Sending(world.opened(contract.provider), key=f"key-{raw}", by=world.actor(user, contract.provider),
                      at=world.NOW, today=world.TODAY)  # fmt: skip
    return submit(contract, [Entry(register.pk, raw)], sending=sending)
