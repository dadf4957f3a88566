"""Who signs in to the demonstration."""

from collections.abc import Sequence

from demo.contracts import ENGINEERS, SHARED
from demo.energy import users as energy
from demo.households import users as households
from demo.utilities import B, P, V, W
from demo.values import DemoContract, DemoUser, Person

_OF_THE_ACCOUNTANT = [index for index, first in SHARED.items() if first == 0][:3]


def users(slug: str, contracts: Sequence[DemoContract]) -> tuple[DemoUser, ...]:
    """Return the people of a provider; `contracts` are its first ones."""
    return {W.slug: _of_w, V.slug: _of_v, B.slug: energy.users, P.slug: households.users}[slug](contracts)


def _of_w(contracts: Sequence[DemoContract]) -> tuple[DemoUser, ...]:
    employer, client = contracts[0].customer.name, contracts[ENGINEERS].customer.name
    return (
        DemoUser(
            email="buh@example.com",
            person=Person("Корепанова", "Ирина", "Павловна"),
            phone="+73412000011",
            organisation=employer,
            position="Бухгалтер",
            shows="три договора одного ИНН, передача показаний открыта",
            contracts=tuple(contracts[index].contract.external_id for index in _OF_THE_ACCOUNTANT),
        ),
        DemoUser(
            email="engineer@example.com",
            person=Person("Вахрушев", "Олег", "Михайлович"),
            phone="+73412000012",
            organisation=client,
            position="Инженер",
            shows="один договор, передача показаний скоро откроется",
            contracts=(contracts[ENGINEERS].contract.external_id,),
        ),
        DemoUser(
            email="new@example.com",
            person=Person("Ившин", "Пётр", "Леонидович"),
            phone="+73412000013",
            organisation="ООО «Новичок»",
            position="Директор",
            shows="договоров ещё нет: подключите любой из списка ниже по ИНН и номеру",
        ),
        DemoUser(
            email="unconfirmed@example.com",
            person=Person("Зайцева", "Вера", "Борисовна"),
            phone="+73412000014",
            organisation="ООО «Торопыга»",
            position="Секретарь",
            shows="адрес электронной почты не подтверждён: подключать и передавать нельзя",
            is_confirmed=False,
        ),
    )


def _of_v(contracts: Sequence[DemoContract]) -> tuple[DemoUser, ...]:
    return (
        DemoUser(
            email="voda@example.com",
            person=Person("Юферева", "Ольга", "Ивановна"),
            phone="+73430000015",
            organisation=contracts[0].customer.name,
            position="Главный бухгалтер",
            shows="один договор у другого поставщика: другой пояс, другие сроки",
            contracts=(contracts[0].contract.external_id,),
        ),
    )
