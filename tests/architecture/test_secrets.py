"""No secret stands in the repository."""

import re

import pytest

from tests.architecture.test_repository import holding, tracked

# Keys by their own marks, and passwords within addresses of servers.
SECRETS = {
    "private key": r"-----BEGIN [A-Z ]*PRIVATE KEY",
    "cloud key": r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b",
    "token of a forge": r"\b(?:gh[pousr]_[A-Za-z0-9]{36}|glpat-[\w-]{20})\b",
    "token of a chat": r"\bxox[abprs]-[\w-]{10,}",
    "signed token": r"\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,}",
    "password in an address": r"://[\w.-]+:(?!password|secret|test|drill|x@|s%2F)[^\s@/:'\"`<>{}…$%]{6,}@",
    "long secret": r"(?i)(?:secret|token|api_?key)[\w-]*\s*[=:]\s*['\"](?=[^'\"]*[0-9])[A-Za-z0-9+/_-]{40,}['\"]",
}


@pytest.fixture(scope="module")
def files():
    return [path for path in tracked() if path.name != "requirements.lock"]


@pytest.mark.parametrize("kind", SECRETS)
def test_no_file_holds_a_secret(kind, files):
    assert holding(re.compile(SECRETS[kind]), files) == []


# Put together from halves, so that this file does not hold what it looks for.
EXAMPLES = {
    "private key": "-----BEGIN RSA PRIVATE " + "KEY-----",
    "cloud key": "AKIA" + "IOSFODNN7EXAMPLE",
    "token of a forge": "ghp" + "_" + "a" * 36,
    "token of a chat": "xoxb" + "-123456789012",
    "signed token": "eyJhbGciOiJIUzI1.eyJzdWIiOiIxMjM0" + ".SflKxwRJSMeKKF2QT4",
    "password in an address": "postgresql://kabinet:" + "Tr0ub4dor@db.local/kabinet",
    "long secret": 'SECRET_KEY = "' + "k9" * 24 + '"',
}


@pytest.mark.parametrize("kind", SECRETS)
def test_a_secret_would_be_seen(kind):
    assert re.search(SECRETS[kind], EXAMPLES[kind])


@pytest.mark.parametrize("name", [".env", "id_rsa", "secrets.json", "credentials.json"])
def test_no_file_is_called_like_a_secret(name, files):
    assert [path for path in files if path.name == name] == []
