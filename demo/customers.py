"""Legal entities that do not exist, and the people who speak for them."""

from random import Random
from typing import Final

from demo.values import Customer, Person
from kabinet.kernel.identifiers.inn import InnKind, with_check_digits

_MALE_LAST: Final = (
    "Абрамов", "Белослудцев", "Вахрушев", "Гаврилов", "Дементьев", "Ермаков", "Жуйков", "Зайцев", "Ившин", "Корепанов",
    "Лекомцев", "Максимов", "Наговицын", "Орлов", "Поздеев", "Русских", "Степанов", "Тронин", "Ушаков", "Федоров",
    "Хохряков", "Чирков", "Шутов", "Щенин", "Юферев", "Яковлев",
)  # fmt: skip
_MALE_FIRST: Final = ("Алексей", "Виктор", "Денис", "Игорь", "Михаил", "Николай", "Олег", "Пётр", "Роман", "Сергей")
_FEMALE_FIRST: Final = ("Анна", "Вера", "Елена", "Ирина", "Ксения", "Лариса", "Марина", "Наталья", "Ольга", "Татьяна")
_FATHERS: Final = ("Александров", "Борисов", "Владимиров", "Иванов", "Леонидов", "Михайлов", "Павлов", "Семёнов")

_FORMS: Final = (("ООО", 60), ("АО", 12), ("ТСЖ", 12), ("МБОУ", 10), ("ИП", 6))
_WORDS: Final = (
    "Родник", "Прикамье", "Заречье", "Иж-Лайн", "Кама-Сервис", "Северная звезда", "Италмас", "Уралстрой", "Бодья",
    "Светоч", "Камский хлебозавод", "Восток-Ремонт", "Инвожо", "Металлист", "Пекарня на Пушкинской", "Ладога-Торг",
    "Чистый дом", "Гостиный двор", "Вертикаль", "Солнечный", "Медтехника-Сервис", "Автопарк № 5", "Оранжерея",
    "Бассейн Дельфин", "Фабрика-кухня", "Линия окон", "Спорткомплекс Олимп", "Красильщик", "Новый горизонт",
    "Прачечная № 1", "Тепличный комбинат", "Лесопарк", "Дом быта", "Индустрия вкуса", "Янтарь", "Колос",
)  # fmt: skip
_SCHOOLS: Final = ("СОШ № {n}", "Детский сад № {n}", "Гимназия № {n}", "Школа искусств № {n}")


def person(random: Random) -> Person:
    """Make somebody up."""
    last, father = random.choice(_MALE_LAST), random.choice(_FATHERS)
    if random.choice((True, False)):
        return Person(last, random.choice(_MALE_FIRST), f"{father}ич")
    feminine = last if last == "Русских" else f"{last}а"
    return Person(feminine, random.choice(_FEMALE_FIRST), f"{father}на")


def customer(random: Random, number: int, *, tax_office: str) -> Customer:
    """Make up the legal entity of a running number; its INN is nobody else's in the demonstration."""
    form = random.choices([form for form, _ in _FORMS], weights=[weight for _, weight in _FORMS])[0]
    director = person(random)
    email = f"office{number}@example.com"
    # Neither many small numbers in a row nor two alike: the step has no common factor with the room of numbers.
    body = (number * 71_993 + 13_577) % 100_000
    if form == "ИП":
        inn = with_check_digits(f"{tax_office}{body:06d}", InnKind.PERSON_OR_IP)
        return Customer(f"ИП {director.full}", inn, "", director, email)
    inn = with_check_digits(f"{tax_office}{body:05d}", InnKind.LEGAL)
    return Customer(
        f"{form} «{_title(form, number + int(tax_office), random)}»", inn, f"{tax_office}01001", director, email
    )


def _title(form: str, number: int, random: Random) -> str:
    if form == "МБОУ":
        return random.choice(_SCHOOLS).format(n=number % 100 + 1)
    return _WORDS[number % len(_WORDS)]
