"""Words that are looked for, chapters that a policy opens, files that the manual is made of."""

import json

import pytest

from demo.values import POLICIES
from kabinet.contracts.rules.rights import RIGHTS
from kabinet.contracts.values import Action, Role
from kabinet.help.formats.chapters import BadChapter, read_chapter
from kabinet.help.formats.pictures import png_size
from kabinet.help.rules import manual as rules
from kabinet.help.rules.manual import PictureFile
from kabinet.help.rules.search import hits_among, line_of, paragraphs_of, words_of
from kabinet.help.selectors import CHAPTERS, chapters
from kabinet.help.values import BOOKS, BlockKind, Piece, Span
from kabinet.providers.values import Policy
from tests import world

POLICY = Policy.model_validate(world.POLICY)
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x05\x00\x00\x00\x03\x20"


def manual(policy=POLICY, *, only=None, pictures=()):
    files = {name: PictureFile(f"static/help/manual/w/{name}.png", 1280, 800) for name in pictures}
    return rules.manual_of(
        chapters("w") if only is None else only, policy=policy, provider="Ижводоканал", portal="Кабинет", pictures=files
    )


def text_of(shown):
    texts = [spans for block in shown.blocks for spans in (block.block.spans, *sum(block.block.rows, ()))]
    return " ".join(span.text for spans in texts for span in spans)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Счётчик СЧЕТЧИК", {"счетчик"}),
        ("№ 300963, д. 5", {"300963", "д", "5"}),
        (" !& | ", set()),
    ],
)
def test_words_are_compared_in_any_case_and_without_yo(text, words):
    assert words_of(text) == words


def test_hits_are_forms_that_were_found_and_words_that_begin_so():
    hits = hits_among({"письмо", "письма", "кода", "как", "какой"}, typed="письма КАК", found={"письмо", "письма"})

    assert hits == {"письмо", "письма", "как", "какой"}


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("Передайте счётчик.", [Piece("Передайте "), Piece("счётчик", is_hit=True), Piece(".")]),
        ("<b>счетчик</b>", [Piece("<b>"), Piece("счетчик", is_hit=True), Piece("</b>")]),
        ("См. https://a.example/счетчик?x=1.", [
            Piece("См. "), Piece("https://a.example/счетчик?x=1", url="https://a.example/счетчик?x=1"), Piece("."),
        ]),
        ("Пишите: info@a.example, или", [
            Piece("Пишите: "), Piece("info@a.example", url="mailto:info@a.example"), Piece(", или"),
        ]),
        ("javascript:alert(1)", [Piece("javascript:alert(1)")]),
        ("", []),
    ],
)  # fmt: skip
def test_line_is_cut_into_text_hits_and_addresses(text, pieces):
    assert list(line_of(text, hits={"счетчик"})) == pieces


def test_blank_line_parts_paragraphs_and_line_ends_stay():
    assert paragraphs_of("Раз\r\nдва\n\n\n три ") == (((Piece("Раз"),), (Piece("два"),)), ((Piece("три"),),))


def test_chapter_is_read_with_every_kind_of_block():
    chapter = read_chapter("07-things", """# Вещи
needs: section.archive window.rolls

## Заголовок

Слово **важное**, [глава](sign-up) и {provider}.

1. Раз
   ещё
2. Два

- Пункт

! Заметка

| А | Б |
| 1 | 2 |

![](front)

? window.fixed
[dial]
""")  # fmt: skip

    assert (chapter.id, chapter.title, chapter.needs) == ("things", "Вещи", {"section.archive", "window.rolls"})
    assert [block.kind for block in chapter.blocks] == [
        BlockKind.HEADING, BlockKind.PARAGRAPH, BlockKind.STEPS, BlockKind.POINTS, BlockKind.NOTE, BlockKind.TABLE,
        BlockKind.PICTURE, BlockKind.DIAL,
    ]  # fmt: skip
    assert Span("важное", is_strong=True) in chapter.blocks[1].spans
    assert Span("глава", chapter="sign-up") in chapter.blocks[1].spans
    assert chapter.blocks[2].rows == (((Span("Раз ещё"),),), ((Span("Два"),),))
    assert chapter.blocks[7].needs == {"window.fixed"}


@pytest.mark.parametrize("text", ["Без заголовка", "# А\n\n![](no-such)", "# А\n\n| 1 | 2 |\n| 3 |", "# А\n\n? a"])
def test_wrong_chapter_is_refused(text):
    with pytest.raises(BadChapter):
        read_chapter("01-a", text)


@pytest.mark.spec("HELP-03")
def test_chapters_of_w_follow_the_source():
    titles = [chapter.title for chapter in manual(Policy.model_validate(world.POLICY | {
        "sections": ["link_contract", "readings", "sewage_volumes", "archive", "contracts", "reconciliation_acts"],
    })).chapters]  # fmt: skip

    assert titles == [
        "Общие сведения", "Регистрация", "Вход в личный кабинет", "Подключение договора", "Передача показаний ХВС",
        "Передача объёмов по стокам ГВС", "Архив показаний", "Мои договора", "Акты сверки", "Профиль",
        "Помощь и обратная связь",
    ]  # fmt: skip


@pytest.mark.spec("HELP-03", "SITE-02")
def test_manual_shows_what_the_policy_opens_and_counts_without_gaps():
    shown = manual(Policy.model_validate(world.POLICY | {"sections": ["readings"], "sign_up": "category"}))

    assert [chapter.id for chapter in shown.chapters] == ["about", "sign-in", "readings", "profile", "help"]
    assert [chapter.number for chapter in shown.chapters] == [1, 2, 3, 4, 5]
    assert not any(span.chapter == "archive" for chapter in shown.chapters for block in chapter.blocks
                   for span in block.block.spans)  # fmt: skip


@pytest.mark.parametrize(("rolls", "is_told"), [(True, True), (False, False)])
def test_first_working_day_is_told_where_the_window_rolls(rolls, is_told):
    window = {"type": "deadline_day", "window_days": 5, "roll_to_next_working_day": rolls}
    shown = manual(Policy.model_validate(world.POLICY | {"window": window}))
    readings = next(text_of(chapter) for chapter in shown.chapters if chapter.id == "readings")

    assert ("первого рабочего дня" in readings) is is_told
    assert "в течение 5 дней" in readings


def test_no_open_word_is_left_in_the_manual():
    assert not any("{" in text_of(chapter) for chapter in manual().chapters)


def test_pictures_that_are_there_are_numbered_and_the_others_left_out():
    shown = manual(pictures=["sign-up", "archive"])
    figures = [block.figure for chapter in shown.chapters for block in chapter.blocks if block.figure]

    assert [(figure.number, figure.caption) for figure in figures] == [(1, "Форма регистрации"), (2, "Архив показаний")]


@pytest.mark.parametrize("book", BOOKS)
def test_every_picture_has_its_place_once(book):
    used = [block.picture for chapter in chapters(book) for block in chapter.blocks if block.kind is BlockKind.PICTURE]

    assert sorted(used) == sorted(picture.name for picture in BOOKS[book])


@pytest.mark.parametrize("book", BOOKS)
def test_links_of_the_manual_lead_to_chapters(book):
    ids = {chapter.id for chapter in chapters(book)}
    spans = [span for chapter in chapters(book) for block in chapter.blocks for span in block.spans]

    assert len(ids) == len(list((CHAPTERS / book).glob("*.md")))
    assert {span.chapter for span in spans if span.chapter} <= ids


BUSINESS = Policy.model_validate(json.loads((POLICIES / "b.json").read_text(encoding="utf-8")))


def test_business_portal_has_a_book_of_its_own():
    shown = manual(BUSINESS, only=chapters(rules.book_of(BUSINESS)))

    assert [chapter.id for chapter in shown.chapters] == [
        "about", "sign-up", "sign-in", "contracts", "roles", "readings", "files", "history", "acts", "tickets",
        "profile", "help",
    ]  # fmt: skip
    assert not any("{" in text_of(chapter) for chapter in shown.chapters)
    assert rules.book_of(POLICY) == "w"


@pytest.mark.spec("ROLE-02")
def test_table_of_roles_says_what_the_rights_are():
    chapter = next(chapter for chapter in chapters("b") if chapter.id == "roles")
    (table,) = [block for block in chapter.blocks if block.kind is BlockKind.TABLE]
    columns = (Role.ENERGY_ENGINEER, Role.ACCOUNTANT, Role.MANAGER, Role.ADMINISTRATOR)
    rows = (
        {Action.ASK_FOR_ADMINISTRATOR}, {Action.UNLINK}, {Action.SEE_CONTRACT}, {Action.SEND_READINGS},
        {Action.SEE_READINGS}, {Action.ASK_FOR_RECONCILIATION}, {Action.SEE_DEBT}, {Action.PAY},
        {Action.SEE_DOCUMENTS}, {Action.GRANT_ROLES},
    )  # fmt: skip

    told = [[cell[0].text == "да" for cell in row[1:]] for row in table.rows[1:]]

    assert told == [[actions <= RIGHTS[role] for role in columns] for actions in rows]


@pytest.mark.parametrize(("head", "size"), [(PNG, (1280, 800)), (PNG[:20], None), (b"GIF89a" + PNG, None)])
def test_size_of_a_picture_is_read_from_its_head(head, size):
    assert png_size(head) == size
