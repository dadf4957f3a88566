"""Every route has its row, every row its route, and every name in a row something that it stands for."""

import pytest
from pydantic import ValidationError

from kabinet.accounts.values import StaffRole
from tests.authz.cases import KINDS
from tests.authz.routes import routes
from tests.authz.rows import ANONYMOUS, HALF_WAY, OFFICE_ADMINISTRATOR, STAFF, Row, rows
from tests.authz.words import WORDS


def test_every_route_has_a_row():
    assert routes() - {row.route for row in rows()} == set(), "add rows to authz.yml: who may open these?"


def test_every_row_has_a_route():
    assert {row.route for row in rows()} - routes() == set(), "authz.yml names routes that are no more"


def test_every_name_in_a_row_stands_for_something():
    unknown = {str(row): set(row.names()) - KINDS - WORDS.keys() for row in rows()}

    assert {row: names for row, names in unknown.items() if names} == {}


@pytest.mark.parametrize(
    "row",
    [
        {"route": "a:b"},
        {"route": "a:b", "allow": ["everybody"]},
        {"route": "a:b", "allow": ["anonymous"], "methods": ["OPTIONS"]},
        {"route": "a:b", "allow": ["anonymous"], "alow": []},
    ],
    ids=["no word on who may", "an unknown actor", "an unknown method", "a slip of the pen"],
)
def test_a_row_that_cannot_be_understood_is_refused(row):
    with pytest.raises(ValidationError):
        Row.model_validate(row)


def test_words_of_the_office_are_its_roles():
    roles = {role.value for role in StaffRole}

    assert roles - {StaffRole.ADMINISTRATOR.value} | {OFFICE_ADMINISTRATOR} == STAFF


def test_doors_of_the_office_open_to_its_people_alone():
    """But for the entrance, which everybody sees."""
    closed = [row for row in rows() if row.is_of_office and ANONYMOUS not in row.allow]

    assert closed
    assert {word for row in closed for word in row.allow} <= STAFF | {HALF_WAY}
