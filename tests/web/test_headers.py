import re

import pytest


@pytest.mark.parametrize("url", ["/form/", "/ui/", "/fault/missing/", "/fault/bug/", "/fault/operational/"])
def test_every_page_carries_the_headers(browser, url):
    answer = browser.get(url)

    policy = answer["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=()" in answer["Permissions-Policy"]


@pytest.mark.parametrize("url", ["/form/", "/ui/", "/fault/bug/", "/fault/limit/"])
def test_no_page_needs_what_the_policy_forbids(browser, url):
    html = browser.get(url).text

    assert not re.search(r"<[^>]+\s(style|on[a-z]+)=", html)
    assert not re.search(r"<style|<script(?![^>]*\ssrc=)", html)
    assert not re.search(r'(src|href|action)="(https?:)?//', html)


def test_page_of_a_session_is_stored_nowhere(browser):
    browser.cookies["kabinet"] = "token"

    assert browser.get("/form/")["Cache-Control"] == "private, no-store"


def test_page_that_starts_a_session_is_stored_nowhere(browser):
    assert browser.get("/signed-in/")["Cache-Control"] == "private, no-store"


def test_public_page_keeps_what_was_typed_when_one_goes_back(browser):
    assert browser.get("/form/")["Cache-Control"] == "private, no-cache"


def test_brand_is_cached_for_ever(browser):
    answer = browser.get("/brand/0b5cad-19b5c9.css")

    assert answer["Content-Type"] == "text/css; charset=utf-8"
    assert "immutable" in answer["Cache-Control"]


@pytest.mark.parametrize("key", ["0b5cad", "0b5cad-19b5cg", "0B5CAD-19b5c9", "0b5cad-19b5c9}body{"])
def test_brand_takes_colours_alone(browser, key):
    assert browser.get(f"/brand/{key}.css").status_code == 404


def test_style_guide_is_for_builders_only(browser, settings):
    settings.KABINET_STYLEGUIDE = False

    assert browser.get("/ui/").status_code == 404
