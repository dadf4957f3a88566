"""Rules of addresses, passwords, codes, browsers and agreements, without a database."""

from datetime import timedelta
from uuid import UUID

import pytest

from kabinet.accounts.rules.addresses import email_problem, normal_email
from kabinet.accounts.rules.agents import browser_of
from kabinet.accounts.rules.agreements import is_open_for_sign_up, missing_of, paragraphs_of
from kabinet.accounts.rules.codes import WRONG_TRIES, code_opens, normal_code
from kabinet.accounts.rules.kept import worth_keeping
from kabinet.accounts.rules.passwords import password_problem
from kabinet.accounts.rules.sessions import is_to_be_noted
from kabinet.accounts.values import AgreementKind, EmailProblem, PasswordProblem, SecretValue
from tests import world

LIKE = "AppleWebKit/537.36 (KHTML, like Gecko)"
COMMON = {"password1", "qwertyuiop", "йцукен12"}
TERMS, DATA, NEWS = (UUID(int=number) for number in (1, 2, 3))
CURRENT = {AgreementKind.TERMS: TERMS, AgreementKind.PERSONAL_DATA: DATA, AgreementKind.ADVERTISING: NEWS}


@pytest.mark.spec("REG-04")
@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Anna.Petrova@Example.COM ", "anna.petrova@example.com"),
        ("anna@Почта.РФ", "anna@xn--80a1acny.xn--p1ai"),
        ("anna@XN--80A1ACNY.xn--p1ai", "anna@xn--80a1acny.xn--p1ai"),
        ("\u200banna@example.com\u00a0", "anna@example.com"),
        ("ａnna@example.com", "anna@example.com"),
        ("anna+water@example.com", "anna+water@example.com"),
        ("o'hara@example.com", "o'hara@example.com"),
    ],
)
def test_an_address_has_one_spelling(typed, kept):
    assert normal_email(typed) == kept
    assert email_problem(typed) is None
    assert normal_email(kept) == kept


@pytest.mark.spec("REG-04")
@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ("", EmailProblem.EMPTY),
        ("   ", EmailProblem.EMPTY),
        ("anna", EmailProblem.NO_AT),
        ("anna@", EmailProblem.NO_AT),
        ("@example.com", EmailProblem.NO_AT),
        ("anna petrova@example.com", EmailProblem.SPACES),
        ("аnna@example.com", EmailProblem.MIXED_SCRIPTS),
        ("anna@exаmple.com", EmailProblem.MIXED_SCRIPTS),
        ("анна@example.com", EmailProblem.NAME_NOT_LATIN),
        ("anna..p@example.com", EmailProblem.BAD_NAME),
        ("anna,p@example.com", EmailProblem.BAD_NAME),
        ("a@b@example.com", EmailProblem.BAD_NAME),
        (f"{'a' * 65}@example.com", EmailProblem.BAD_NAME),
        ("anna@example", EmailProblem.BAD_DOMAIN),
        ("anna@example..com", EmailProblem.BAD_DOMAIN),
        ("anna@-example.com", EmailProblem.BAD_DOMAIN),
        ("anna@10.0.0.1", EmailProblem.BAD_DOMAIN),
        ("anna@example.com0", EmailProblem.BAD_DOMAIN),
        ("anna@example.c", EmailProblem.BAD_DOMAIN),
        (f"anna@{'a' * 64}.com", EmailProblem.BAD_DOMAIN),
        (f"anna@{'a' * 60}.{'b' * 60}.{'c' * 60}.{'d' * 60}.com.org.net", EmailProblem.BAD_DOMAIN),
    ],
)
def test_what_no_letter_reaches_is_named(typed, problem):
    assert email_problem(typed) is problem


@pytest.mark.spec("REG-07")
@pytest.mark.parametrize(
    ("password", "problem"),
    [
        ("коротко", PasswordProblem.TOO_SHORT),
        ("1234567", PasswordProblem.TOO_SHORT),
        ("83412259259", PasswordProblem.ONLY_DIGITS),
        ("аааааааа", PasswordProblem.ONE_SIGN),
        ("abababab", PasswordProblem.ONE_SIGN),
        ("Password1", PasswordProblem.COMMON),
        ("йцукенгшщз", PasswordProblem.COMMON),
        ("ЙЦУКЕН12", PasswordProblem.COMMON),
        ("Anna@Example.com", PasswordProblem.OWN_DATA),
        ("ооо «новая»", PasswordProblem.OWN_DATA),
        ("три слова", None),
        ("Vodokanal-2026", None),
    ],
)
def test_password_that_strangers_guess_is_refused(password, problem):
    own = {"anna@example.com", "anna", "ООО «Новая»"}

    assert password_problem(password, min_length=8, own=own, common=COMMON) is problem


@pytest.mark.spec("PROF-02")
@pytest.mark.parametrize(
    ("given", "late_seconds", "wrong_tries", "opens"),
    [("right", -1, 0, True), ("right", -1, 4, True), ("wrong", -1, 0, False), ("right", 0, 0, False),
     ("right", -1, WRONG_TRIES, False)],
)  # fmt: skip
def test_a_code_opens_in_time_and_before_the_sixth_try(given, late_seconds, wrong_tries, opens):
    secret = SecretValue(secret_hash="right", expires_at=world.NOW, wrong_tries=wrong_tries)

    assert code_opens(secret, given_hash=given, at=world.NOW + timedelta(seconds=late_seconds)) is opens


@pytest.mark.parametrize(("typed", "code"), [("123 456", "123456"), ("123-456 ", "123456"), ("１２３456", "123456")])
def test_a_code_is_read_as_people_type_it(typed, code):
    assert normal_code(typed) == code


@pytest.mark.spec("PROF-03")
@pytest.mark.parametrize(
    ("agent", "words"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0", "Firefox 128.0 Linux"),
        (f"Mozilla/5.0 (Windows NT 10.0; Win64) {LIKE} Chrome/120.0.6099.71 Safari/537.36", "Chrome 120.0 Windows"),
        (f"Mozilla/5.0 (Windows NT 10.0) {LIKE} Chrome/120 YaBrowser/24.1.0 Safari", "Яндекс Браузер 24.1 Windows"),
        (f"Mozilla/5.0 (Windows NT 10.0) {LIKE} Chrome/120.0 Safari/537 Edg/120.0.22", "Microsoft Edge 120.0 Windows"),
        (f"Mozilla/5.0 (X11; Linux x86_64) {LIKE} Chrome/119.0 Safari/537.36 OPR/105.0.0.0", "Opera 105.0 Linux"),
        (f"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) {LIKE} Version/17.1 Safari/605.1", "Safari 17.1 macOS"),
        (f"Mozilla/5.0 (iPhone; CPU iPhone OS 17_1 like Mac OS X) {LIKE} CriOS/120.0.1 Safari/604", "Chrome 120.0 iOS"),
        (f"Mozilla/5.0 (Linux; Android 13) {LIKE} SamsungBrowser/23.0 Chrome/115.0", "Samsung Internet 23.0 Android"),
        ("curl/8.0", ""),
        ("", ""),
    ],
)  # fmt: skip
def test_a_browser_is_named_as_its_owner_knows_it(agent, words):
    browser = browser_of(agent)

    assert f"{browser.name} {browser.version} {browser.system}".strip() == words


@pytest.mark.spec("PROF-03")
def test_an_update_leaves_a_browser_in_its_family():
    old, new = (browser_of(f"Mozilla/5.0 (X11; Linux x86_64) Firefox/{version}") for version in ("127.0", "128.1"))

    assert old.family == new.family == "Firefox Linux"


@pytest.mark.spec("REG-09")
@pytest.mark.parametrize(
    ("accepted", "missing"),
    [({TERMS, DATA}, set()), ({TERMS, DATA, NEWS}, set()), ({TERMS, NEWS}, {DATA}), (set(), {TERMS, DATA}),
     ({UUID(int=9), DATA}, {TERMS})],
)  # fmt: skip
def test_terms_and_personal_data_are_required_and_news_are_not(accepted, missing):
    assert missing_of(CURRENT, accepted=accepted) == missing


@pytest.mark.spec("REG-09")
@pytest.mark.parametrize(("without", "is_open"), [(AgreementKind.ADVERTISING, True), (AgreementKind.TERMS, False),
                                                  (AgreementKind.PERSONAL_DATA, False)])  # fmt: skip
def test_nobody_signs_up_where_a_required_text_is_not_published(without, is_open):
    current = {kind: row for kind, row in CURRENT.items() if kind is not without}

    assert is_open_for_sign_up(current) is is_open


def test_secrets_are_not_kept_and_codes_of_things_are():
    typed = {
        name: ["x"] for name in ("password", "new_password", "csrfmiddlewaretoken", "code", "point_code", "value-1")
    }

    assert worth_keeping(typed) == {"point_code": ["x"], "value-1": ["x"]}


def test_zero_signs_are_not_kept():
    assert worth_keeping({"a\0": ["x\0y"]}) == {"a": ["xy"]}


def test_more_than_a_person_types_is_not_kept():
    assert worth_keeping({"text": ["я" * 100_001]}) is None


@pytest.mark.parametrize(("minutes", "noted"), [(4, False), (5, True), (600, True)])
def test_a_session_is_noted_once_in_five_minutes(minutes, noted):
    assert is_to_be_noted(world.NOW, at=world.NOW + timedelta(minutes=minutes)) is noted


@pytest.mark.spec("HELP-03")
@pytest.mark.parametrize(
    ("text", "is_heading"),
    [
        ("2. Что даёт кабинет", True),
        ("2.1 Сроки", True),
        ("10. Права", True),
        ("1. Пользователь обязан хранить пароль.", False),
        ("Общие положения", False),
        ("1. Первая строка\nвторая строка", False),
        ("1. " + "слово " * 30, False),
        ("3 прибора учёта стоят в подвале", False),
    ],
)
def test_heading_of_an_agreement_is_a_short_line_with_a_number(text, is_heading):
    (paragraph,) = paragraphs_of(text)

    assert (paragraph.text, paragraph.is_heading) == (text.strip(), is_heading)


def test_agreement_is_parted_by_empty_lines_alone():
    text = "1. Начало\r\n\r\nПервая строка\r\nвторая.\n \n\nДалее."

    assert [part.text for part in paragraphs_of(text)] == ["1. Начало", "Первая строка\nвторая.", "Далее."]
