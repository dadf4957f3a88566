"""Questions with answers, and the manual: what files, pages and the PDF share."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


@dataclass(frozen=True, slots=True)
class EntryText:
    """What the office writes: a question, its answer in plain text, the group and the place in it."""

    group: str
    question: str
    answer: str
    place: int = 0


@dataclass(frozen=True, slots=True)
class Search:
    """What is looked for among the questions (HELP-01); nothing looks for everything."""

    phrase: str = ""
    group_id: UUID | None = None

    @property
    def is_narrowed(self) -> bool:
        return bool(self.phrase or self.group_id)


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of an answer's text: plain, a word that was looked for, or an address to follow."""

    text: str
    is_hit: bool = False
    url: str = ""


Line = tuple[Piece, ...]


class BlockKind(StrEnum):
    """What the manual is made of."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    STEPS = "steps"
    POINTS = "points"
    NOTE = "note"
    TABLE = "table"
    PICTURE = "picture"
    DIAL = "dial"


class ReferenceKind(StrEnum):
    """What the office puts in words beside its branches (HELP-04)."""

    UPKEEP = "upkeep"
    PRICES = "prices"
    PAYING = "paying"


@dataclass(frozen=True, slots=True)
class Passage:
    """A part of a reference: a table has rows, its head first; anything else has lines."""

    kind: BlockKind
    lines: tuple[Line, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table under its column's name: on a phone it stands alone."""

    name: str
    text: str
    is_number: bool


@dataclass(frozen=True, slots=True)
class ShownPassage:
    """A passage ready for the page; each name of a table's head says whether numbers stand under it."""

    kind: BlockKind
    lines: tuple[Line, ...] = ()
    head: tuple[tuple[str, bool], ...] = ()
    rows: tuple[tuple[Cell, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class BranchText:
    """What the office writes of a branch; `numbers` are beginnings of the contracts' numbers that it serves."""

    name: str
    head: str = ""
    address: str = ""
    phone: str = ""
    email: str = ""
    hours: str = ""
    numbers: tuple[str, ...] = ()
    place: int = 0
    is_open: bool = True


@dataclass(frozen=True, slots=True)
class BranchValue(BranchText):
    """A branch that stands."""

    branch_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Span:
    """A run of the manual's text; `chapter` names the chapter that it leads to."""

    text: str
    is_strong: bool = False
    chapter: str = ""


Spans = tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """One thing under another in a chapter. Steps and points have a row each, a table begins with its head."""

    kind: BlockKind
    spans: Spans = ()
    rows: tuple[tuple[Spans, ...], ...] = ()
    picture: str = ""
    needs: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Chapter:
    """A chapter as its file has it; it is shown where the policy opens all that it needs."""

    id: str
    title: str
    blocks: tuple[Block, ...]
    needs: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Picture:
    """A screen that the stories in the browser take: the file's name, what stands under it, and which page it shows."""

    name: str
    caption: str
    page: str


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture that is there: its number in the manual and its size in pixels."""

    number: int
    caption: str
    path: str
    width: int
    height: int

    @property
    def url(self) -> str:
        """Return the name by which static files are served."""
        return self.path.removeprefix("static/")


@dataclass(frozen=True, slots=True)
class ShownBlock:
    """A block as it is shown: a picture has become a figure."""

    block: Block
    figure: Figure | None = None

    @property
    def kind(self) -> BlockKind:
        return self.block.kind

    @property
    def table_rows(self) -> tuple[tuple[tuple[str, Spans], ...], ...]:
        """Return the rows under a table's head; each cell knows its column's name, for on a phone it stands alone."""
        head, *rows = self.block.rows
        names = ["".join(span.text for span in cell) for cell in head]
        return tuple(tuple(zip(names, row, strict=True)) for row in rows)


@dataclass(frozen=True, slots=True)
class ShownChapter:
    """A chapter with its number."""

    number: int
    id: str
    title: str
    blocks: tuple[ShownBlock, ...]


@dataclass(frozen=True, slots=True)
class Manual:
    """A provider's manual, ready for screen and paper."""

    provider: str
    portal: str
    language: str
    chapters: tuple[ShownChapter, ...]


# Taken by the stories in the browser, 1280 × 800, as static/help/manual/w/<name>.png; the page is a route and state.
MANUAL_PICTURES = (
    Picture("front", "Главная страница", "home:front, не вошли"),
    Picture("send-entrance", "Страница входа по кнопке «Передать показания»", "accounts:sign_in, не вошли"),
    Picture("sign-up", "Форма регистрации", "accounts:sign_up, поля заполнены"),
    Picture("confirm-email", "Ввод кода из письма", "accounts:confirm_email после регистрации"),
    Picture("sign-in", "Вход в ваш кабинет", "home:front, блок входа заполнен"),
    Picture("signed-in", "Первый вход: перейти к «Заявке на подключение»", "первая страница после входа без договоров"),
    Picture("link-contract", "Заявка на подключение", "contracts:link, поля заполнены"),
    Picture("linked", "Заявка успешно отправлена", "contracts:list сразу после подключения"),
    Picture("start", "Что сделать сейчас", "home:start, срок передачи открыт"),
    Picture("readings", "Передача показаний приборов учёта ХВС", "readings:send, срок открыт, показание введено"),
    Picture("readings-sent", "Показания переданы", "readings:send после передачи всех строк"),
    Picture("readings-refused", "Показание не передано: причина", "readings:send, введено лишнее число цифр"),
    Picture("sewage", "Передача объёмов по стокам ГВС", "readings:volumes, объём введён"),
    Picture("archive", "Архив показаний", "readings:archive, адрес и даты выбраны"),
    Picture("contracts", "Мои договора", "contracts:list, два договора"),
    Picture("acts", "Акты сверки", "страница актов сверки, один запрос отправлен"),
    Picture("profile", "Профиль", "страница профиля"),
    Picture("sessions", "Сессии", "accounts:sessions, две сессии"),
    Picture("answers", "Вопрос-ответ", "help:answers, найдено по фразе"),
    Picture("feedback", "Обратная связь", "tickets:feedback, поля заполнены"),
)
# The same of the business portal, as static/help/manual/b/<name>.png.
BUSINESS_PICTURES = (
    Picture("b-front", "Главная страница", "home:front, не вошли, поля входа заполнены"),
    Picture("b-sign-up", "Форма регистрации", "accounts:sign_up, поля заполнены"),
    Picture("b-introduce", "Давайте познакомимся", "accounts:introduce, поля заполнены"),
    Picture("b-start", "Что сделать сейчас", "home:start, два договора, период открыт"),
    Picture("b-add-contract", "Добавление договора", "contracts:add, поля заполнены"),
    Picture("b-contract", "Страница договора", "contracts:card"),
    Picture("b-grant", "Назначение роли", "contracts:grant, поля заполнены"),
    Picture("b-people", "Кто имеет доступ к договору", "contracts:people, два человека"),
    Picture("b-points", "Показания: точка поставки раскрыта", "readings:points, показание введено"),
    Picture("b-file", "Загрузка файла с показаниями", "readings:file_new"),
    Picture("b-file-fates", "Что стало со строками файла", "readings:file, одна строка не принята"),
    Picture("b-history", "История показаний", "readings:history, прибор раскрыт"),
    Picture("b-meter", "Карточка прибора учёта", "readings:meter"),
    Picture("b-ticket", "Обращение", "tickets:ticket, одно сообщение"),
)
# The books of the manual by their folders, each with its pictures.
BOOKS = {"w": MANUAL_PICTURES, "b": BUSINESS_PICTURES}
