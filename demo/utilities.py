"""The utilities of the demonstration: invented, with identifiers that pass every check."""

from demo.values import Town, Trade, Utility
from kabinet.kernel.identifiers.bank import AccountKind, with_key_digit
from kabinet.kernel.identifiers.inn import InnKind, with_check_digits
from kabinet.providers.values import Resource

# Tax offices that do not exist: no figure here is anybody's.
_UDMURTIA = "1899"
_URAL = "6699"
_PRIKAMYE = "5999"

IZHEVSK = Town(
    name="г. Ижевск",
    postcode="426000",
    streets=(
        "ул. Пушкинская", "ул. Удмуртская", "ул. Карла Маркса", "ул. Ленина", "ул. 10 лет Октября", "ул. Ворошилова",
        "ул. Холмогорова", "ул. Кирова", "ул. Орджоникидзе", "ул. Клубная", "ул. Молодёжная", "ул. Союзная",
        "ул. Петрова", "ул. 40 лет Победы", "ул. Автозаводская", "ул. Баранова", "ул. Гагарина", "ул. Новоажимова",
        "ул. Маяковского", "пер. Северный", "Воткинское шоссе", "проезд Дерябина",
    ),
)  # fmt: skip
VERKHNEVODSK = Town(
    name="г. Верхневодск",
    postcode="624990",
    streets=(
        "ул. Плехановская", "ул. Кольцовская", "ул. Никитинская", "пр. Революции", "ул. Фридриха Энгельса",
        "Московский проспект", "ул. Лизюкова", "Ленинский проспект", "ул. Димитрова", "ул. Остужева",
    ),
)  # fmt: skip
ELEKTROSTAN = Town(
    name="г. Электростань",
    postcode="618990",
    streets=(
        "ул. Энергетиков", "ул. Заводская", "ул. Мира", "ул. Строителей", "ул. Набережная", "пр. Победы",
        "ул. Ломоносова", "ул. Промышленная", "ул. Юбилейная", "ул. Трактовая", "Сибирский тракт", "ул. Советская",
        "ул. Полевая", "ул. Торговая", "ул. Монтажников",
    ),
)  # fmt: skip


def _bank(*, name: str, bic: str, account: str, correspondent: str) -> dict[str, str]:
    return {
        "name": name,
        "bic": bic,
        "account": with_key_digit(account, bic=bic),
        "correspondent": with_key_digit(correspondent, bic=bic, kind=AccountKind.CORRESPONDENT),
    }


W = Utility(
    slug="w",
    tag="W",
    name="МУП г. Ижевска «Ижводоканал-Демо»",
    short_name="Ижводоканал-Демо",
    portal_title="Личный кабинет абонента",
    inn=with_check_digits(f"{_UDMURTIA}00001", InnKind.LEGAL),
    kpp="189901001",
    bank=_bank(
        name="Демонстрационный банк, г. Ижевск",
        bic="049401999",
        account="40702810000000000018",
        correspondent="30101810000000000999",
    ),
    zone_name="Europe/Samara",
    colour="#0b5cad",
    accent="#19b5c9",
    resources=(Resource.COLD_WATER, Resource.HOT_WATER, Resource.SEWAGE),
    phone="+7 (3412) 00-00-00",
    email="abonent@w.example.com",
    address="426000, г. Ижевск, ул. Водопроводная, 1",
    hours="пн–пт 8:00–17:00, обед 12:00–12:48",
    town=IZHEVSK,
    contracts=40,
    tax_office=_UDMURTIA,
)
V = Utility(
    slug="v",
    tag="V",
    name="МУП «Верхневодский водоканал»",
    short_name="Верхневодский водоканал",
    portal_title="Кабинет потребителя воды",
    inn=with_check_digits(f"{_URAL}00007", InnKind.LEGAL),
    kpp="669901001",
    bank=_bank(
        name="Демонстрационный банк, г. Верхневодск",
        bic="046577999",
        account="40702810000000000066",
        correspondent="30101810000000000999",
    ),
    zone_name="Asia/Yekaterinburg",
    colour="#1f7a4d",
    accent="#e0a526",
    resources=(Resource.COLD_WATER,),
    phone="+7 (343) 000-00-00",
    email="voda@v.example.com",
    address="624990, г. Верхневодск, ул. Насосная, 3",
    hours="пн–чт 8:30–17:30, пт 8:30–16:15",
    town=VERKHNEVODSK,
    contracts=6,
    tax_office=_URAL,
)
B = Utility(
    slug="b",
    tag="B",
    name="АО «Прикамский энергосбыт-Демо»",
    short_name="Энергосбыт-Демо",
    portal_title="Личный кабинет клиента – юридического лица",
    inn=with_check_digits(f"{_PRIKAMYE}00003", InnKind.LEGAL),
    kpp="599901001",
    bank=_bank(
        name="Демонстрационный банк, г. Электростань",
        bic="045773999",
        account="40702810000000000042",
        correspondent="30101810000000000999",
    ),
    zone_name="Asia/Yekaterinburg",
    colour="#8a3d00",
    accent="#f2a900",
    resources=(Resource.ELECTRICITY,),
    phone="+7 (342) 000-00-00",
    email="business@b.example.com",
    address="618990, г. Электростань, ул. Энергетиков, 4",
    hours="пн–чт 8:00–17:00, пт 8:00–16:00",
    town=ELEKTROSTAN,
    contracts=60,
    tax_office=_PRIKAMYE,
    trade=Trade.ENERGY,
)
P = Utility(
    slug="p",
    tag="P",
    name="АО «Энергосбыт для дома-Демо»",
    short_name="Энергосбыт для дома",
    portal_title="Личный кабинет частного клиента",
    inn=with_check_digits(f"{_UDMURTIA}00011", InnKind.LEGAL),
    kpp="189901001",
    bank=_bank(
        name="Демонстрационный банк, г. Ижевск",
        bic="049401999",
        account="40702810000000000091",
        correspondent="30101810000000000999",
    ),
    zone_name="Europe/Samara",
    colour="#6b2d8f",
    accent="#ffb000",
    resources=(Resource.ELECTRICITY, Resource.HOT_WATER, Resource.HEAT),
    phone="+7 (3412) 00-00-40",
    email="dom@p.example.com",
    address="426000, г. Ижевск, ул. Энергетиков, 7",
    hours="пн–пт 8:00–19:00, сб 9:00–15:00",
    town=IZHEVSK,
    contracts=2_000,
    tax_office=_UDMURTIA,
    trade=Trade.HOUSEHOLDS,
)
UTILITIES = (W, V, B, P)
