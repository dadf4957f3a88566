import pytest
from bs4 import BeautifulSoup
from django import forms
from django.core.paginator import Paginator
from django.template import engines
from django.test import RequestFactory

from kabinet.web.components import Dial, DialDrawing
from kabinet.web.styleguide import SampleForm


def draw(source, **facts):
    request = RequestFactory().get("/list/?address=1&page=2")
    return BeautifulSoup(engines["django"].from_string(source).render(facts, request), "html.parser")


def dial(**facts):
    made = Dial(name="value", label="Показание, прибор № 300963", whole=5, fraction=3, **facts)
    return draw('{% include "components/dial.html" %}', dial=made)


def test_dial_has_a_box_for_each_figure_of_the_register():
    page = dial()

    black, red = page.select(".dial__boxes")
    assert len(black.find_all("i")) == 5
    assert len(red.find_all("i")) == 3
    assert page.select("input") == page.select(".dial__whole input")


def test_dial_is_one_named_field_that_keeps_what_was_typed():
    page = dial(value="46801,2x")

    (field,) = page.select("input")
    assert field["value"] == "46801,2x"
    assert field["inputmode"] == "numeric"
    assert page.find("label", attrs={"for": field["id"]}).text == "Показание, прибор № 300963"


def test_dial_ties_rule_previous_and_errors_to_the_field():
    page = dial(rule="Только чёрные", previous="00231", previous_source="принято", errors=("Меньше прежнего",))

    (field,) = page.select("input")
    told = " ".join(page.find(id=part).text for part in field["aria-describedby"].split())
    assert field["aria-invalid"] == "true"
    assert all(words in told for words in ("Только чёрные", "00231", "принято", "Меньше прежнего"))


@pytest.mark.parametrize(
    ("previous", "figures", "idle"),
    [("231", "00231", 2), ("00231", "00231", 2), ("231.000", "00231", 2), ("0", "00000", 4), ("99999", "99999", 0)],
)
def test_dial_shows_the_previous_value_with_its_leading_zeros(previous, figures, idle):
    shown = Dial(name="value", label="", whole=5, previous=previous).previous_figures

    assert "".join(figure for figure, _ in shown) == figures
    assert sum(is_idle for _, is_idle in shown) == idle


@pytest.mark.spec("READ-17")
def test_drawing_of_the_dial_tells_which_figures_to_send():
    page = draw('{% include "components/dial_drawing.html" %}', drawing=DialDrawing(whole=5, fraction=3))

    assert len(page.select(".dial-drawing__box")) == 8
    assert len(page.select(".dial-drawing__box--red")) == 3
    assert "чёрных цифр 5, красных 3" in page.svg["aria-label"]
    assert "00233" in page.svg["aria-label"]


def test_wrong_field_keeps_its_text_and_is_tied_to_its_error():
    form = SampleForm({"inn": "", "number": "15303"})
    form.add_error("number", "Такого номера нет")

    page = draw("{{ form.number.as_field_group }}", form=form)

    field = page.find("input")
    assert (field["value"], field["aria-invalid"]) == ("15303", "true")
    assert "Такого номера нет" in page.find(id=field["aria-describedby"]).text


def test_hint_is_tied_to_its_field():
    page = draw('{% include "components/field.html" with field=form.inn %}', form=SampleForm())

    assert "10 цифр" in page.find(id=page.find("input")["aria-describedby"]).text


def test_optional_field_says_so():
    form = SampleForm()

    assert "необязательно" in draw("{{ form.comment.as_field_group }}", form=form).text
    assert "необязательно" not in draw("{{ form.number.as_field_group }}", form=form).text


def test_summary_links_every_wrong_field():
    page = draw("{{ form }}", form=SampleForm({"inn": "1831000"}))

    targets = [link["href"].removeprefix("#") for link in page.select(".note--danger a")]
    assert len(targets) == 6
    assert all(page.find(id=target) for target in targets)


def test_group_of_choices_has_a_legend_and_labels():
    page = draw("{{ form.kind.as_field_group }}", form=SampleForm({"kind": "legal"}))

    assert page.legend.text == "Кто вы"
    assert [label.input["value"] for label in page.select("label")] == ["legal", "person"]
    assert page.select("input[checked]")[0]["value"] == "legal"


def test_class_that_a_form_set_is_kept():
    assert draw("{{ form.code.as_field_group }}", form=SampleForm()).input["class"] == ["form-control", "code-input"]


def test_hidden_field_has_no_label():
    class Hidden(forms.Form):
        key = forms.CharField(widget=forms.HiddenInput)

    page = draw("{{ form }}", form=Hidden(initial={"key": "k1"}))

    assert page.find("input")["value"] == "k1"
    assert page.find("label") is None


@pytest.mark.spec("READ-05")
@pytest.mark.parametrize(
    ("state", "word"),
    [
        ("sent", "отправлено"),
        ("passed", "передано в расчёт"),
        ("taken", "принято"),
        ("refused", "отклонено"),
        ("superseded", "заменено исправлением"),
        ("draft", "черновик"),
        ("empty", "не заполнено"),
    ],
)
def test_state_is_a_shape_and_a_word(state, word):
    page = draw('{% include "components/state.html" %}', state=state)

    assert page.text.strip() == word
    assert page.use["href"].endswith(f"#{state}")


def test_refused_state_gives_its_reason():
    page = draw('{% include "components/state.html" with state="refused" reason="Меньше прежнего" %}')

    assert "Меньше прежнего" in page.text


@pytest.mark.parametrize(
    ("tone", "css"), [("error", "danger"), ("success", "success"), ("debug", "info"), ("", "info")]
)
def test_message_takes_the_tone_of_its_level(tone, css):
    page = draw('{% include "components/alert.html" %}', tone=tone, text="Слова")

    assert f"note--{css}" in page.div["class"]
    assert (page.div.get("role") == "alert") is (css == "danger")


def test_pager_keeps_the_filter():
    page = draw('{% include "components/pager.html" %}', page=Paginator(range(60), 20).page(2))

    assert [link["href"] for link in page.select("a")] == ["?address=1&page=1", "?address=1&page=3"]
    assert "Страница 2 из 3" in page.text


def test_empty_facts_are_left_out():
    page = draw('{% include "components/facts.html" %}', facts=[("ИНН", "1831012340"), ("КПП", "")])

    assert [term.text for term in page.select("dt")] == ["ИНН"]


def test_typed_words_are_never_markup():
    form = SampleForm({"number": '"><script>alert(1)</script>'})
    form.add_error("number", "<b>нет</b>")

    page = draw(
        "{{ form }}{% include 'components/alert.html' with tone='info' text=words %}", form=form, words="<i>x</i>"
    )

    assert page.select("script, b, i") == []


def test_style_guide_shows_every_component(browser):
    answer = browser.get("/ui/")

    page = BeautifulSoup(answer.text, "html.parser")
    ids = [node["id"] for node in page.select("[id]")]
    assert answer.status_code == 200
    assert len(page.select("h1, main")) == 2
    assert [name for name in ids if ids.count(name) > 1] == []
