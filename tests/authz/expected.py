"""What the row says will happen: pure, from the row, the actor and the case alone."""

from enum import StrEnum

from tests.authz import rows
from tests.authz.actors import Actor
from tests.authz.cases import CONTRACT, OF_HOUSEHOLDS, Case, Named
from tests.authz.rows import Place, Row


class Outcome(StrEnum):
    """How a door answers."""

    ALLOWED = "allowed: 2xx, or 3xx to an inner page"
    OFFICE_SIGN_IN = "led to the office's sign-in"
    FACTOR = "led to the second factor"
    OFFICE_PASSWORD = "led to the page where a specialist's password is changed"
    LED_ON = "led on to an inner page, and nothing is done"
    SIGN_IN = "led to the sign-in"
    PASSWORD = "led to the page where the password is changed"
    UNAUTHORIZED = "401"
    FORBIDDEN = "403"
    NOT_FOUND = "404"
    DENIED = "403 or 404"
    REFUSED = "below 500, and nothing is done"


def expected(row: Row, actor: Actor, case: Case) -> Outcome:
    """Say how the door answers; whatever the row does not allow is denied."""
    if not row.allow:
        return Outcome.NOT_FOUND
    if row.is_for_partners:
        return _to_partner(row, actor, case)
    if row.is_of_office:
        return _to_office(row, actor, case)
    if actor.is_signed_in:
        return _to_person(row, actor, case)
    return _to_nobody(row, actor, case)


def _to_partner(row: Row, actor: Actor, case: Case) -> Outcome:
    if actor.office is None:
        return Outcome.UNAUTHORIZED
    if actor.office.provider.slug != "w":
        return Outcome.FORBIDDEN
    return _for_unseen(row, case) or Outcome.ALLOWED


def _to_office(row: Row, actor: Actor, case: Case) -> Outcome:
    """The office knows its own people only; a customer is nobody there."""
    if not actor.is_of_office:
        return Outcome.ALLOWED if rows.ANONYMOUS in row.allow else Outcome.OFFICE_SIGN_IN
    if actor.word == rows.HALF_WAY:
        return Outcome.ALLOWED if row.allow & {rows.HALF_WAY, rows.ANONYMOUS} else Outcome.FACTOR
    if row.allow == {rows.HALF_WAY}:
        return Outcome.LED_ON
    if actor.must_change_password and not row.changes_password:
        return Outcome.OFFICE_PASSWORD
    if actor.word not in row.allow:
        return Outcome.FORBIDDEN
    return _for_unseen(row, case) or Outcome.ALLOWED


def _to_nobody(row: Row, actor: Actor, case: Case) -> Outcome:
    word = actor.word if actor.word == rows.WAITING else rows.ANONYMOUS
    if not row.allow & {word, rows.ANONYMOUS}:
        return Outcome.SIGN_IN
    return _for_unseen(row, case) or Outcome.ALLOWED


def _to_person(row: Row, actor: Actor, case: Case) -> Outcome:
    if actor.must_change_password and not ({rows.ANONYMOUS, rows.WAITING} & row.allow or row.changes_password):
        return Outcome.PASSWORD
    if row.allow == {rows.WAITING}:
        return Outcome.SIGN_IN
    if not row.allow & rows.CUSTOMERS:
        return Outcome.LED_ON
    unseen = _for_unseen(row, case)
    if not row.allow & _standing(row, actor, case):
        return Outcome.DENIED if unseen or _is_of_child(row, case) else Outcome.FORBIDDEN
    if unseen:
        return unseen
    return Outcome.REFUSED if _is_held_back(row, actor, case) else Outcome.ALLOWED


def _standing(row: Row, actor: Actor, case: Case) -> frozenset[str]:
    """Return as what the actor stands before the door: by his role on what is named, else by any role he holds."""
    named = _what_decides(row, case)
    if named and named.is_seen and (role := actor.role_on(named.owner)):
        return frozenset({role})
    return actor.roles or frozenset({rows.NEWCOMER})


def _what_decides(row: Row, case: Case) -> Named | None:
    """Return the thing whose household decides: the contract, else what stands in the path."""
    in_path = (case.things[kind] for kind in OF_HOUSEHOLDS & case.things.keys() if row.names()[kind] is Place.PATH)
    return case.things.get(CONTRACT) or next(in_path, None)


def _is_of_child(row: Row, case: Case) -> bool:
    """Say whether what decides is a child: one that the role does not open is as good as none."""
    named = _what_decides(row, case)
    return named is not None and named.kind != CONTRACT


def _for_unseen(row: Row, case: Case) -> Outcome | None:
    """Say how the door answers to what the actor may not see; a filter by it leaves the page open."""
    places = {row.names()[kind] for kind in case.unseen}
    if Place.PATH in places:
        return Outcome.NOT_FOUND
    if row.unseen == "ignored":
        return None
    return Outcome.REFUSED if Place.BODY in places else None


def _is_held_back(row: Row, actor: Actor, case: Case) -> bool:
    """Say whether an act waits: for a confirmed address, or for nothing any more."""
    if not row.is_unsafe:
        return False
    return (bool(row.needs) and not actor.is_confirmed) or (row.ended == "closed" and case.is_ended)
