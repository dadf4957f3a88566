"""«Справочная информация»: the branch that serves you, upkeep of meters, prices, ways to pay (HELP-04)."""

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from kabinet.help.models import Branch, Reference
from kabinet.help.rules.branches import branch_of
from kabinet.help.rules.references import is_number, passages_of
from kabinet.help.services import BranchUnknown, NameTaken, NotPermitted, keep_branch, publish_reference
from kabinet.help.values import BlockKind, BranchText, BranchValue, ReferenceKind
from kabinet.infra import ids
from kabinet.infra.models import AuditRow
from kabinet.kernel.actors import Actor, ActorKind
from tests import world
from tests.readings.sending import text_of
from tests.staff import office

pytestmark = pytest.mark.spec("HELP-04")

PAGE = "/p/references/"
NORTH = BranchText("Северное", phone="+7 (3412) 00-00-41", numbers=("11", "12"))
SOUTH = BranchText("Южное", address="ул. Южная, 1")


def desk_of(of):
    return Actor(ActorKind.STAFF, id=ids.new(), provider_id=of.pk)


def value(name, *numbers):
    return BranchValue(name, numbers=numbers)


@pytest.mark.parametrize(
    ("number", "served_by"),
    [
        ("111222333", "longer"),
        ("119222333", "shorter"),
        ("1 1-1222333", "longer"),
        ("912222333", "rest"),
        ("хвс-15", "letters"),
    ],
)
def test_longest_beginning_of_the_number_says_which_branch(number, served_by):
    branches = [value("rest"), value("shorter", "11"), value("longer", "9", "111"), value("letters", "ХВС")]
    branches[2] = value("longer", "5", "111")

    assert branch_of(number, branches).name == served_by


def test_without_a_branch_for_the_rest_nobody_serves_it():
    assert branch_of("912222333", [value("Северное", "11")]) is None
    assert branch_of("912222333", []) is None


def test_text_becomes_headings_lists_and_tables():
    text = (
        "Цены с НДС.\r\n\r\n## Пломбы\n- одна\n- две\n\nУслуга | Цена\nПломба | 450,00\n\nПросто | строка\nбез таблицы"
    )

    found = passages_of(text)

    assert [passage.kind for passage in found] == [
        BlockKind.PARAGRAPH, BlockKind.HEADING, BlockKind.POINTS, BlockKind.TABLE, BlockKind.PARAGRAPH,
    ]  # fmt: skip
    assert found[3].rows == (("Услуга", "Цена"), ("Пломба", "450,00"))


@pytest.mark.parametrize(
    ("cell", "is_one"),
    [("450,00", True), ("1 350,00 ₽", True), ("620 руб.", True), ("1 прибор", False), ("", False), (", .", False)],
)
def test_sums_stand_to_the_right(cell, is_one):
    assert is_number(cell) is is_one


@pytest.fixture
def filled(p):
    by = desk_of(p)
    keep_branch(NORTH, provider=p, by=by)
    keep_branch(SOUTH, provider=p, by=by)
    publish_reference(ReferenceKind.PRICES, "Услуга | Цена\nПломба | 450,00", provider=p, by=by, at=world.NOW)
    return p


@pytest.mark.django_db
def test_stranger_reads_all_four_and_all_branches(filled):
    page = Client().get(PAGE).text

    for words in (
        "Обслуживающее вас отделение",
        "Услуги по техническому обслуживанию приборов учета",
        "Прейскурант на дополнительные услуги",
        "Способы оплаты",
        "Северное",
        "Южное",
        '<td data-label="Цена" class="num">450,00</td>',
        "Поставщик ещё не опубликовал эти сведения.",
    ):
        assert words in page


@pytest.mark.django_db
def test_customer_sees_the_branch_of_each_account_first(filled, visitor, at):
    nina = world.person(filled, "nina@example.com")
    for number in ("111222333", "900000001"):
        world.link(nina, world.household(filled, number, flat=int(number[-1])))

    page = text_of(world.signed_in(visitor, nina, filled).get(PAGE))

    assert page.index("Северное") < page.index("111222333") < page.index("+7 (3412) 00-00-41")
    assert page.index("Южное") < page.index("900000001")
    assert "Другие отделения" not in page


@pytest.mark.django_db
def test_account_of_somebody_else_is_not_shown(filled, visitor, at):
    world.household(filled, "111222333")
    nina = world.person(filled, "nina@example.com")

    assert "111222333" not in world.signed_in(visitor, nina, filled).get(PAGE).text


@pytest.mark.django_db
def test_closed_branch_serves_nobody(filled, visitor):
    row = Branch.objects.get(name="Северное")
    keep_branch(BranchText("Северное", is_open=False), provider=filled, by=desk_of(filled), branch_id=row.pk)

    assert "Северное" not in visitor.get(PAGE).text


@pytest.mark.django_db
def test_references_are_the_offices_and_changes_are_in_the_audit(filled, v):
    with pytest.raises(NotPermitted):
        publish_reference(ReferenceKind.PAYING, "x", provider=filled, by=desk_of(v), at=world.NOW)
    with pytest.raises(NotPermitted):
        keep_branch(NORTH, provider=filled, by=Actor(ActorKind.CUSTOMER, id=ids.new(), provider_id=filled.pk))
    publish_reference(ReferenceKind.PRICES, "Новые цены", provider=filled, by=desk_of(filled), at=world.NOW)

    assert Reference.objects.get().text == "Новые цены"
    assert AuditRow.objects.filter(act="help.reference_published").count() == 2
    assert AuditRow.objects.filter(act="help.branch_kept").count() == 2


@pytest.mark.django_db
def test_branches_of_a_provider_have_names_of_their_own(filled, v):
    with pytest.raises(NameTaken):
        keep_branch(NORTH, provider=filled, by=desk_of(filled))
    with pytest.raises(BranchUnknown):
        keep_branch(NORTH, provider=v, by=desk_of(v), branch_id=Branch.objects.get(name="Южное").pk)
    keep_branch(NORTH, provider=v, by=desk_of(v))


@pytest.mark.django_db
def test_database_holds_one_reference_of_a_kind_and_one_branch_of_a_name(filled):
    with pytest.raises(IntegrityError, match="reference_once"), transaction.atomic():
        Reference.objects.create(provider=filled, kind="prices", text="x", published_at=world.NOW)
    with pytest.raises(IntegrityError, match="branch_once"), transaction.atomic():
        Branch.objects.create(provider=filled, name="Южное")


@pytest.mark.django_db
@pytest.mark.spec("STAFF-01")
def test_office_puts_references_in_words(filled, visitor):
    desk = office.browser_of(office.specialist(filled, "olga@example.com"))
    address = "/p/office/references/paying/"

    empty = desk.post(address, {"text": ""})
    sent = desk.post(address, {"text": "## Где\n- в банке"}, follow=True)

    assert "Напишите текст." in empty.text
    assert "Опубликовано: клиенты видят новый текст." in sent.text
    assert "<li>в банке" in visitor.get(PAGE).text
    assert "<li>в банке" in desk.get(address).text
    assert desk.get("/p/office/references/other/").status_code == 404


@pytest.mark.django_db
@pytest.mark.spec("STAFF-01")
def test_office_keeps_its_branches(filled, visitor):
    desk = office.browser_of(office.specialist(filled, "olga@example.com"))
    facts = {"name": "Западное", "numbers": " 7, 8,7 ", "place": "3", "is_open": "on", "phone": "8 (3412) 25-92-59"}

    desk.post("/p/office/references/branches/new/", facts)
    again = desk.post("/p/office/references/branches/new/", facts)
    row = Branch.objects.get(name="Западное")
    page = f"/p/office/references/branches/{row.pk}/"
    wrong = desk.post(page, facts | {"email": "не почта", "place": ""})

    assert row.numbers == ["7", "8"]
    assert "Отделение с таким названием уже есть." in again.text
    assert "не похож на почту" in wrong.text
    assert 'value="не почта"' in wrong.text
    assert 'value="7, 8"' in desk.get(page).text
    assert "Западное" in visitor.get(PAGE).text
