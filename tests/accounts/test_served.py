"""What real use adds over https: the settings that `./run serve` makes, and what pages and cookies then carry."""

import json
import os
import subprocess
import sys

import pytest
from django.test import Client

from kabinet.accounts.models import Session
from kabinet.providers.models import ProviderHost
from launcher.checks import AS_SERVED
from launcher.places import ROOT
from tests import world

NAMES = (
    "COOKIES_ARE_SECURE", "SESSION_COOKIE_NAME", "SESSION_COOKIE_SECURE", "SESSION_COOKIE_HTTPONLY",
    "SESSION_COOKIE_SAMESITE", "CSRF_COOKIE_NAME", "CSRF_COOKIE_SECURE", "CSRF_COOKIE_HTTPONLY",
    "CSRF_COOKIE_SAMESITE", "LANGUAGE_COOKIE_SECURE", "SECURE_SSL_REDIRECT", "SECURE_HSTS_SECONDS", "DEBUG",
    "KABINET_STYLEGUIDE", "CLOCK_SHIFT_SECONDS", "SHARED_HOSTS",
)  # fmt: skip
HOST = "lk.example.ru"


@pytest.fixture(scope="module")
def real():
    """The settings as a real start makes them."""
    script = f"import json; from config import settings as s; print(json.dumps({{n: getattr(s, n) for n in {NAMES}}}))"
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, env={**os.environ, **AS_SERVED}, capture_output=True, text=True,
        check=True,
    )  # fmt: skip
    return json.loads(done.stdout)


@pytest.fixture
def served(settings, real, w):
    """A provider's own host, served by them."""
    for name, value in real.items():
        setattr(settings, name, value)
    settings.ALLOWED_HOSTS = [HOST, "localhost"]
    settings.SHARED_HOSTS = ["localhost"]
    ProviderHost.objects.create(provider=w, host=HOST)
    return w


def test_real_use_knows_no_plain_cookies_and_no_demo(real):
    assert real["SECURE_SSL_REDIRECT"]
    assert real["SECURE_HSTS_SECONDS"] >= 365 * 24 * 3600
    assert all(real[name] for name in NAMES if name.endswith(("_SECURE", "_HTTPONLY")))
    assert {real["SESSION_COOKIE_SAMESITE"], real["CSRF_COOKIE_SAMESITE"]} == {"Lax"}
    assert (real["SESSION_COOKIE_NAME"], real["CSRF_COOKIE_NAME"]) == ("__Secure-kabinet", "__Host-kabinet-csrf")
    assert (real["DEBUG"], real["KABINET_STYLEGUIDE"], real["CLOCK_SHIFT_SECONDS"], real["SHARED_HOSTS"]) == (
        False, False, 0, [],
    )  # fmt: skip


def sign_in(user, *, host, path, secure=True):
    browser = Client(headers={"host": host})
    answer = browser.post(f"{path}sign-in/", {"email": user.email, "password": world.PASSWORD}, secure=secure)
    assert answer.status_code == 302
    return browser, answer


@pytest.mark.parametrize(
    ("host", "path", "name"), [(HOST, "/", "__Host-kabinet"), ("localhost", "/w/", "__Secure-kabinet")]
)
def test_session_is_held_by_a_cookie_of_its_host(served, anna, host, path, name):
    browser, answer = sign_in(anna, host=host, path=path)

    cookie = answer.cookies[name]
    assert (cookie["secure"], cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, True, "Lax", path)
    assert cookie["domain"] == ""
    assert answer["Strict-Transport-Security"] == "max-age=31536000"
    assert answer["Cache-Control"] == "private, no-store"
    assert browser.get(f"{path}profile/", secure=True).status_code == 200
    assert browser.post(f"{path}sign-out/", secure=True).cookies[name].value == ""
    assert not Session.objects.exists()


def test_cookie_of_a_shared_host_opens_nothing_at_an_own_one(served, anna):
    _browser, answer = sign_in(anna, host="localhost", path="/w/")
    stranger = Client(headers={"host": HOST})
    stranger.cookies["__Secure-kabinet"] = answer.cookies["__Secure-kabinet"].value

    assert stranger.get("/profile/", secure=True).status_code == 302


def test_plain_http_is_led_to_https(served):
    answer = Client(headers={"host": HOST}).get("/sign-in/")

    assert (answer.status_code, answer["Location"]) == (301, f"https://{HOST}/sign-in/")
