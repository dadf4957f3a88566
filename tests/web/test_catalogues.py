import pytest
from django.template import engines

from kabinet.web import catalogues
from kabinet.web.catalogues import Text

TEMPLATE = """
{% translate "Войти" %} {% translate 'Дом' context "здание" %}
{% include "components/alert.html" with text=_("Слова") %} {{ name|default:_("Без имени") }}
{% blocktranslate %}Всего {{ total }}{% endblocktranslate %}
{% blocktranslate trimmed count n=n %}
  {{ n }} прибор
{% plural %}
  {{ n }} приборов
{% endblocktranslate %}
{% comment %}{% translate "Нет" %}{% endcomment %}
"""
MODULE = """
from django.utils.translation import gettext as _, gettext_lazy, ngettext
one = _("Раз"); two = gettext_lazy("Два"); three = ngettext("%(n)s раз", "%(n)s раза", 3)
other = print("Не то")
"""


def english(**strings):
    catalogue = catalogues.empty("en")
    for text, translation in strings.items():
        catalogue.add(text, translation)
    return catalogue


def test_texts_of_a_template_are_found():
    found = list(catalogues.texts_of_template(TEMPLATE, file="a.html", engine=engines["django"].engine))

    assert {(text.id, text.context) for text in found} == {
        ("Войти", None),
        ("Дом", "здание"),
        ("Слова", None),
        ("Без имени", None),
        ("Всего %(total)s", None),
        (("%(n)s прибор", "%(n)s приборов"), None),
    }


def test_texts_of_a_module_are_found(tmp_path):
    path = tmp_path / "a.py"
    path.write_text(MODULE)

    found = [text.id for text in catalogues.texts_of_module(path, file="a.py")]

    assert found == ["Раз", "Два", ("%(n)s раз", "%(n)s раза")]


@pytest.mark.parametrize(
    ("translation", "what"),
    [
        ("Total %(total)s", []),
        ("", ["untranslated"]),
        ("Total", ["lost placeholder"]),
        ("Total %(totl)s", ["unknown placeholder"]),
    ],
)
def test_fault_of_a_translation_is_named(translation, what):
    text = "Всего %(total)s"

    found = catalogues.faults("en", english(**{text: translation}), [Text(text, "a.html")])

    assert [fault.what for fault in found] == what


def test_missing_and_unused_texts_are_named():
    found = catalogues.faults("en", english(Старое="Old"), [Text("Новое", "a.html")])

    assert [(fault.what, fault.text) for fault in found] == [("missing", "Новое"), ("unused", "Старое")]


def test_update_keeps_translations_and_drops_what_is_gone():
    texts = [Text("Новое", "a.html"), Text("Верное", "b.html")]

    fresh = catalogues.update(english(Верное="True", Старое="Old"), texts)

    assert {message.id: message.string or "" for message in fresh if message.id} == {"Новое": "", "Верное": "True"}


def test_russian_catalogue_holds_plurals_alone():
    plural = Text(("%(n)s раз", "%(n)s раза"), "a.html")

    assert catalogues.wanted("ru", [Text("Раз", "a.html"), plural]) == [plural]


def test_catalogue_is_the_same_bytes_each_time_and_compiles(tmp_path):
    catalogues.write(
        tmp_path, "ru", catalogues.update(catalogues.empty("ru"), [Text(("%(n)s раз", "%(n)s раза"), "a")])
    )
    first = catalogues.po_path(tmp_path, "ru").read_bytes()

    catalogues.write(tmp_path, "ru", catalogues.read(tmp_path, "ru"))

    assert catalogues.po_path(tmp_path, "ru").read_bytes() == first
    assert b"nplurals=3" in first
    assert catalogues.compile_(tmp_path, "ru").stat().st_size > 0
