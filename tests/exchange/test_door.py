"""Who comes in: a right key of this provider, and nobody else."""

import errno
import io
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError
from django.http import UnreadablePostError
from django.test import Client
from django.urls import reverse

from kabinet.exchange import selectors
from kabinet.exchange.models import Partner
from kabinet.exchange.schemas import REFUSALS
from kabinet.exchange.services.partners import hash_of
from kabinet.exchange.values.batches import Form
from kabinet.exchange.views import batches
from kabinet.exchange.views.door import Refused
from tests.exchange import rows
from tests.exchange.conftest import TOKEN, TOKEN_V, Billing

pytestmark = [pytest.mark.django_db, pytest.mark.spec("BILL-01")]

PLACES = [("get", "feed/"), ("post", "feed/acknowledgements/"), ("post", "batches/"),
          ("get", "batches/0192f0c8-0000-7000-8000-000000000001/")]  # fmt: skip


@pytest.mark.parametrize("length", ["", "²", "٣", "-1", "1e3", "9" * 5000])
def test_length_that_is_no_number_is_asked_for(billing, length):
    answer = billing.client.generic(
        "POST",
        f"{billing.base}batches/",
        b"{}",
        content_type="application/x-ndjson",
        headers={"idempotency-key": "one"},
        CONTENT_LENGTH=length,
    )

    assert (answer.status_code, answer.json()["code"]) == (411, "length_required")


@pytest.mark.parametrize("name", ["batch-1", "0192f0c8", "ø|", "%00", "0192f0c8-0000-7000-8000-00000000000g"])
def test_batch_of_a_name_that_is_no_id_is_one_that_nobody_sent(billing, name):
    response = billing.client.get(f"{billing.base}batches/{name}/")

    assert (response.status_code, response.json()["code"]) == (404, "not_found")


@pytest.mark.parametrize(("method", "place"), PLACES)
@pytest.mark.parametrize("authorization", [None, "", "Bearer", "Bearer wrong", f"Basic {TOKEN}", TOKEN, "Bearer \xff"])
def test_without_right_key_nobody_comes_in(billing, method, place, authorization):
    headers = {"authorization": authorization} if authorization is not None else {}

    response = getattr(Client(), method)(f"{billing.base}{place}", headers=headers)

    assert (response.status_code, response.json()["code"]) == (401, "bad_key")
    assert response["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize(("method", "place"), PLACES)
def test_key_of_another_provider_is_refused(billing, billing_v, method, place):
    response = getattr(Billing("w", TOKEN_V).client, method)(f"{billing.base}{place}")

    assert (response.status_code, response.json()["code"]) == (403, "foreign_key")


def test_revoked_key_is_refused(billing):
    Partner.objects.update(is_active=False)

    assert billing.feed().json()["code"] == "key_revoked"


@pytest.mark.parametrize(("method", "place"), PLACES)
def test_other_method_is_refused(billing, method, place):
    other = {"get": "post", "post": "get"}[method]

    response = getattr(billing.client, other)(f"{billing.base}{place}")

    assert (response.status_code, response["Allow"]) == (405, method.upper())


def test_address_without_provider_leads_nowhere(billing):
    assert billing.client.get("/exchange/v1/feed/").status_code == 404


def test_session_of_a_person_opens_nothing(billing, anna, visitor, w):
    visitor.cookies["kabinet"] = "any-session"

    assert visitor.get(f"{billing.base}feed/").status_code == 401


def test_no_page_token_is_asked_for(billing):
    billing.client.handler.enforce_csrf_checks = True

    assert billing.send(rows.contract()).status_code == 200


@pytest.mark.parametrize("key", ["", "x" * 81, "ключ", "a b"])
def test_batch_needs_a_key(billing, key):
    response = billing.send_file(b"{}", key=key)

    assert (response.status_code, response.json()["code"]) == (400, "key_required")


@pytest.mark.parametrize(
    ("media", "headers", "code"),
    [
        ("application/json", {}, "unsupported_type"),
        ("text/csv", {}, "unsupported_type"),
        ("text/csv; entity=gift", {}, "unsupported_type"),
        ("text/csv; entity=contract; charset=koi8-r", {}, "unsupported_type"),
        ("application/x-ndjson; charset=utf-16", {}, "unsupported_type"),
        ("application/x-ndjson", {"content-encoding": "br"}, "unsupported_encoding"),
        ("multipart/form-data; boundary=x", {}, "unsupported_type"),
    ],
)
def test_other_types_are_refused(billing, media, headers, code):
    response = billing.send_file(b"{}", key="one", media=media, **headers)

    assert (response.status_code, response.json()["code"]) == (415, code)


def test_report_of_another_provider_is_not_found(billing, billing_v):
    theirs = billing_v.send(rows.contract()).json()["batch"]

    response = billing.client.get(f"{billing.base}batches/{theirs}/")

    assert (response.status_code, response.json()["code"]) == (404, "not_found")


def test_refusals_speak_russian(billing):
    answer = Client().get(f"{billing.base}feed/").json()

    assert answer == {"code": "bad_key", "message": REFUSALS["bad_key"], "details": {}}


def test_key_is_printed_once_and_kept_hashed(w):
    printed = StringIO()

    call_command("create_partner", provider="w", source="billing", stdout=printed)

    token = printed.getvalue().strip()
    assert Partner.objects.get().token_hash == hash_of(token)
    assert Billing("w", token).feed().status_code == 200


def test_new_key_takes_the_place_of_the_old(billing):
    call_command("create_partner", provider="w", token="another-key-of-thirty-two-signs-and-more", stdout=StringIO())

    assert billing.feed().status_code == 401
    assert Partner.objects.count() == 1


@pytest.mark.parametrize(("provider", "token"), [("no-such", None), ("w", "short")])
def test_wrong_orders_for_keys_are_refused(w, provider, token):
    with pytest.raises(CommandError):
        call_command("create_partner", provider=provider, token=token)


def test_addresses_are_those_of_the_document():
    assert [reverse(f"exchange:{name}") for name in ("batches", "feed", "acknowledgements")] == [
        "/exchange/v1/batches/", "/exchange/v1/feed/", "/exchange/v1/feed/acknowledgements/",
    ]  # fmt: skip


class _Cut:
    """A request whose connection ended early."""

    headers = {"Content-Length": "100"}

    def __init__(self, *pieces):
        self.pieces = list(pieces)

    def read(self, _size):
        piece = self.pieces.pop(0) if self.pieces else b""
        if piece is None:
            raise UnreadablePostError
        return piece


@pytest.mark.parametrize("pieces", [[b"{}\n"], [b"{}\n", None]])
def test_file_that_came_in_part_is_refused(pieces):
    with pytest.raises(Refused) as refusal:
        batches._stored(_Cut(*pieces), io.BytesIO(), form=Form())

    assert (refusal.value.status, refusal.value.code) == (400, "cut_short")


@pytest.mark.parametrize(
    ("fault", "status", "code"),
    [
        (OperationalError("deadlock detected"), 503, "busy"),
        (OSError(errno.ENOSPC, "No space left on device"), 507, "no_room"),
    ],
)
def test_outage_is_said_and_asks_to_come_again(billing, monkeypatch, fault, status, code):
    def fail(_token):
        raise fault

    monkeypatch.setattr(selectors, "partner_by_hash", fail)

    response = billing.feed()

    assert (response.status_code, response.json()["code"]) == (status, code)
    assert int(response["Retry-After"]) > 0
