"""Addresses say how heavy they are; what says nothing is a page."""

import pytest
from django.urls import URLResolver, get_resolver, include, path, re_path

from kabinet.infra.loads import Load, Weights, weighs, weighs_sent


@weighs_sent(Load.SENDING)
def send(_request):
    """Take a reading."""


@weighs(Load.FILE)
def paper(_request, paper_id):
    """Give a paper."""


def page(_request):
    """Show a page."""


WEIGHTS = Weights([
    path("", page),
    path("send/", send),
    path("papers/", include([path("<uuid:paper_id>/file/", paper), path("", page)])),
    re_path(r"^old/(?P<paper_id>\d+)$", paper),
])  # fmt: skip
UUID = "0197a0f4-0000-7000-8000-000000000001"


@pytest.mark.parametrize(
    ("path_", "method", "load"),
    [
        ("/", "GET", Load.PAGE),
        ("/send/", "GET", Load.PAGE),
        ("/send/", "POST", Load.SENDING),
        ("/w/send/", "POST", Load.SENDING),
        ("/w/v/send/", "POST", Load.PAGE),
        ("/send/more/", "POST", Load.PAGE),
        (f"/papers/{UUID}/file/", "GET", Load.FILE),
        (f"/w/papers/{UUID}/file/", "HEAD", Load.FILE),
        ("/papers/not-an-id/file/", "GET", Load.PAGE),
        ("/papers/", "GET", Load.PAGE),
        ("/old/7", "GET", Load.FILE),
        ("/old/7\n", "GET", Load.PAGE),
        ("/send/\n", "POST", Load.PAGE),
    ],
)
def test_address_is_as_heavy_as_its_view_says(path_, method, load):
    assert WEIGHTS.of(path_).of(method) is load


@pytest.mark.spec("READ-01")
@pytest.mark.parametrize(
    ("path_", "load"),
    [
        ("/w/readings/cold-water/", Load.SENDING),
        ("/w/readings/sewage-volumes/", Load.SENDING),
        (f"/p/readings/household/{UUID}/", Load.SENDING),
        ("/v/readings/without-sign-in/token/", Load.SENDING),
        ("/b/readings/points/", Load.SENDING),
        ("/w/sign-in/", Load.SIGN_IN),
        ("/w/office/sign-in/", Load.SIGN_IN),
        ("/w/sign-up/", Load.SIGN_IN),
        ("/p/sign-up/account/", Load.SIGN_IN),
        ("/w/recover/code/", Load.SIGN_IN),
        ("/w/profile/password/", Load.SIGN_IN),
        (f"/b/readings/files/{UUID}/", Load.FILE),
        (f"/w/acts/{UUID}/file/", Load.FILE),
        ("/w/exchange/v1/batches/", Load.BATCH),
        ("/w/exchange/v1/feed/acknowledgements/", Load.EXCHANGE),
        ("/w/tickets/", Load.PAGE),
    ],
)
def test_what_is_sent_has_its_lane(path_, load):
    weights = Weights(get_resolver().url_patterns)

    assert weights.of(path_).of("POST") is load


@pytest.mark.parametrize(
    "path_",
    [
        f"/p/slip/{UUID}/2026-10/",
        f"/b/readings/files/{UUID}/template/",
        "/b/readings/history/file/",
        f"/w/contracts/{UUID}/file/",
        f"/w/tickets/files/{UUID}/",
        f"/w/office/ticket-files/{UUID}/",
    ],
)
def test_what_is_a_file_has_its_lane(path_):
    weights = Weights(get_resolver().url_patterns)

    assert weights.of(path_).of("GET") is Load.FILE
    assert weights.of("/w/").of("GET") is Load.PAGE


def addresses(patterns, before=""):
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern.url_patterns, route)
        else:
            yield route, pattern.callback


def test_whatever_is_called_a_file_has_its_lane():
    """A new paper that forgets to say how heavy it is would stand in the way of pages."""
    files = {"file", "photo", "template", "marked"}
    found = {
        route: getattr(view, "load", None)
        for route, view in addresses(get_resolver().url_patterns)
        if route.rstrip("/").rpartition("/")[2] in files
    }

    assert len(found) >= 8
    assert set(found.values()) == {Load.FILE}, found
