"""Who comes when there is too much to do is put off by a calm page that keeps what was typed (TRUST 9)."""

import json
from urllib.parse import parse_qsl, urlencode

import pytest
from django.http import HttpResponse, StreamingHttpResponse
from django.test import RequestFactory
from lxml import html

from kabinet.infra import gate
from kabinet.infra.gate import Gate, Lane
from kabinet.infra.loads import Load
from kabinet.providers.middleware import Door
from kabinet.web import crowding

FORM = "application/x-www-form-urlencoded"
SEND = "/w/readings/cold-water/"


@pytest.fixture
def full(monkeypatch):
    """A gate where nobody may work and nobody may wait."""
    nobody = {load: Lane(rank=1, at_once=1, waiting=0, seconds=0) for load in Load}
    monkeypatch.setattr(gate, "GATE", Gate(nobody, places=0))


@pytest.mark.usefixtures("full")
def test_page_is_put_off_without_a_database(client):
    """Any look at the database would fail here: this test asks for none."""
    answer = client.get("/w/start/")

    assert answer.status_code == 503
    assert 5 <= int(answer["Retry-After"]) <= 15
    assert "Кабинет сейчас занят" in answer.text
    assert "no-store" in answer["Cache-Control"]
    assert answer["Content-Security-Policy"]
    assert html.fromstring(answer.text).xpath("//a[text()='Открыть страницу ещё раз']/@href") == ["/w/start/"]


@pytest.mark.usefixtures("full")
def test_form_that_may_be_repeated_is_kept_on_the_page(client):
    typed = {"csrfmiddlewaretoken": "aa", "key-1": "bb", "value-1": '24"<', "box": ["1", "2"]}

    answer = client.post(f"{SEND}?a=1&b=%22", urlencode(typed, doseq=True), content_type=FORM)

    (form,) = html.fromstring(answer.text).forms
    assert answer.status_code == 503
    assert "Форма не отправлена" in answer.text
    assert (form.method, form.action) == ("POST", f"{SEND}?a=1&b=%22")
    assert sorted(form.form_values()) == sorted(parse_qsl(urlencode(typed, doseq=True)))


@pytest.mark.usefixtures("full")
def test_password_is_not_shown_again(client):
    answer = client.post("/w/sign-in/", {"login": "a@example.com", "password": "correct horse"})

    assert answer.status_code == 503
    assert "correct horse" not in answer.text
    assert "Вернитесь к ней" in answer.text


@pytest.mark.usefixtures("full")
def test_page_speaks_the_chosen_language(client):
    client.cookies["language"] = "en"

    answer = client.get("/w/start/")

    assert '<html lang="en"' in answer.text
    assert "занят" not in answer.text


@pytest.mark.usefixtures("full", "w")
@pytest.mark.django_db
def test_page_is_the_providers_as_far_as_it_is_at_hand(client, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(gate, "GATE", Gate())
        client.get("/w/sign-in/")

    answer = client.get("/w/start/")

    assert html.fromstring(answer.text).xpath("//a[@class='brand']/@href") == ["/w/"]


@pytest.mark.usefixtures("full")
def test_page_is_rendered_once_for_all_whom_it_is_the_same_for(client, monkeypatch):
    client.post(SEND, urlencode({"key": "1", "value": "first"}), content_type=FORM)
    monkeypatch.setattr(crowding, "render_to_string", lambda *_: pytest.fail("rendered again"))

    answer = client.post(SEND, urlencode({"key": "2", "value": "second"}), content_type=FORM)

    assert "second" in answer.text
    assert "first" not in answer.text


@pytest.mark.usefixtures("full")
def test_billing_system_is_put_off_in_its_own_words(client):
    answer = client.post("/w/exchange/v1/batches/", "{}", content_type="application/x-ndjson")

    assert answer.status_code == 503
    assert answer["Retry-After"] == "5"
    assert json.loads(answer.content)["code"] == "busy"


@pytest.mark.usefixtures("full")
def test_probe_and_style_sheets_pass_by(client):
    assert client.get("/livez").status_code == 200


@pytest.mark.usefixtures("full")
def test_times_to_come_back_are_spread(client):
    assert len({client.get("/w/start/")["Retry-After"] for _ in range(8)}) == 8


def test_place_is_given_back_after_a_page_and_after_a_fault(monkeypatch):
    lanes = {load: Lane(rank=1, at_once=1, waiting=0, seconds=0) for load in Load}
    monkeypatch.setattr(gate, "GATE", Gate(lanes, places=1))
    request = RequestFactory().get("/w/start/")

    def fault(_request):
        raise ZeroDivisionError

    for _ in range(3):
        with pytest.raises(ZeroDivisionError):
            Door(fault)(request)
        assert Door(lambda _request: HttpResponse("page"))(request).status_code == 200


def test_form_is_read_before_a_place_is_taken():
    """A slow sender waits outside: when the view begins, the body is there."""
    seen = []
    request = RequestFactory().post(SEND, urlencode({"key": "1"}), content_type=FORM)
    body = request._stream

    class Slow:
        def read(self, *size):
            seen.append(gate.GATE._taken)
            return body.read(*size)

        def close(self):
            body.close()

    request._stream = Slow()
    Door(lambda inner: HttpResponse(inner.body))(request)

    assert seen
    assert set(seen) == {0}


def test_file_holds_its_lane_until_it_is_gone():
    request = RequestFactory().get("/w/tickets/files/0197a0f4-0000-7000-8000-000000000001/")
    response = Door(lambda _request: StreamingHttpResponse([b"a"]))(request)

    assert gate.GATE._counts[Load.FILE].working == 1
    assert gate.GATE._taken == 0
    for close in response._resource_closers:
        close()
    assert gate.GATE._counts[Load.FILE].working == 0
