"""Who signs in at the retailer: each role once, and those whom the portal knows only in part."""

from collections.abc import Sequence

from demo.energy.contracts import BRANCH, CHAIN, KIOSK, NETWORK, OFFICE, SHOP, WORKSHOP
from demo.values import DemoContract, DemoUser, GivenRole, Person
from kabinet.contracts.values import Role

POINTS_OF_FOREMAN = 5


def users(contracts: Sequence[DemoContract]) -> tuple[DemoUser, ...]:
    """Return the people; `contracts` are the provider's first ones."""
    names = [contract.contract.external_id for contract in contracts]
    firms = [contract.customer.name for contract in contracts]
    few = tuple(point.external_id for point in contracts[NETWORK].points[:POINTS_OF_FOREMAN])
    return (
        DemoUser(
            email="energo@example.com",
            person=Person("Лекомцев", "Денис", "Борисович"),
            phone="+73430000021",
            organisation=firms[OFFICE],
            position="Главный энергетик",
            shows="три договора: на одном Администратор, на другом Энергетик, на третьем Бухгалтер",
            roles=(
                GivenRole(names[OFFICE], Role.ADMINISTRATOR),
                GivenRole(names[BRANCH], Role.ENERGY_ENGINEER),
                GivenRole(names[SHOP], Role.ACCOUNTANT),
            ),
        ),
        DemoUser(
            email="director@example.com",
            person=Person("Наговицына", "Лариса", "Семёновна"),
            phone="+73430000022",
            organisation=firms[NETWORK],
            position="Директор",
            shows="Администратор трёх договоров, среди них 400 точек поставки; роли других людей выдаёт он",
            roles=tuple(GivenRole(names[index], Role.ADMINISTRATOR) for index in (BRANCH, SHOP, NETWORK)),
        ),
        DemoUser(
            email="glavbuh@example.com",
            person=Person("Чиркова", "Наталья", "Павловна"),
            phone="+73430000023",
            organisation=firms[NETWORK],
            position="Главный бухгалтер",
            shows="Бухгалтер: платежи и документы, показаний не видит",
            roles=tuple(GivenRole(names[index], Role.ACCOUNTANT) for index in (BRANCH, NETWORK)),
        ),
        DemoUser(
            email="master@example.com",
            person=Person("Русских", "Николай", "Иванович"),
            phone="+73430000024",
            organisation=firms[NETWORK],
            position="Мастер участка",
            shows=f"Энергетик, которому открыты {len(few)} точек поставки из 400",
            roles=(GivenRole(names[NETWORK], Role.ENERGY_ENGINEER, points=few),),
        ),
        DemoUser(
            email="manager@example.com",
            person=Person("Шутова", "Ксения", "Леонидовна"),
            phone="+73430000025",
            organisation=firms[CHAIN],
            position="Управляющая",
            shows="Руководитель двух договоров, у которых нет Администратора: роль можно запросить",
            contracts=(names[KIOSK], names[CHAIN]),
        ),
        DemoUser(
            email="",
            old_login="tronin-2009",
            person=Person("Тронин", "Виктор", "Александрович"),
            phone="+73430000026",
            organisation=firms[WORKSHOP],
            position="Энергетик",
            shows="входит по прежнему логину; адреса почты у него нет",
            contracts=(names[WORKSHOP],),
        ),
        DemoUser(
            email="unconfirmed-b@example.com",
            person=Person("Федорова", "Анна", "Михайловна"),
            phone="+73430000027",
            organisation="ООО «Торопыга-Электро»",
            position="Секретарь",
            shows="адрес электронной почты не подтверждён: подключать, передавать и платить нельзя",
            is_confirmed=False,
        ),
        DemoUser(
            email="novichok@example.com",
            person=Person("", "", ""),
            phone="",
            organisation="",
            position="",
            shows="только что зарегистрирован: сначала «Давайте познакомимся»",
            is_introduced=False,
        ),
        DemoUser(
            email="invited@example.com",
            person=Person("", "", ""),
            phone="",
            organisation="",
            position="",
            shows="приглашён Бухгалтером и ещё не входил: одноразовый пароль — в письме, оно в почтовом ящике",
            roles=(GivenRole(names[OFFICE], Role.ACCOUNTANT),),
            is_invited=True,
        ),
    )
