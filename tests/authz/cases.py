"""What a request names: everybody's own thing, a stranger's, one that is nowhere, and mixtures of them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from kabinet.contracts.values import Role
from kabinet.infra import ids
from tests.authz.actors import Actor
from tests.authz.questions import receipt_of
from tests.authz.rows import Row
from tests.authz.town import AWAY, ENDED, FOREIGN, LEFT, OWN, SECOND, Household, Office, Person, Thing, Town

CONTRACT: Final = "contract"
MISSING: Final = "missing"
COLLEAGUE: Final = "a colleague's"
INTERNAL: Final = "internal"
# Whose each kind of thing is; `authz.yml` names them with a dollar. Names that stand for no thing are in `words.py`.
OF_HOUSEHOLDS: Final = frozenset(
    {
        CONTRACT, "point", "meter", "register", "member", "act", "annex", "readings_file", "flat_register", "sent",
        "billed_contract", "billed_point", "billed_register",
    }
)  # fmt: skip
# What is measured: a limit to supply points takes it away, and no accountant sees it (table 3).
OF_METERS: Final = frozenset({"point", "meter", "register", "readings_file", "flat_register"})
# Whoever is limited to supply points sees his own of these alone.
OF_GIVERS: Final = frozenset({"readings_file"})
OF_PEOPLE: Final = frozenset({"person", "session", "ticket", "ticket_file", "ticket_receipt", "link_request"})
OF_OFFICES: Final = frozenset(
    {
        "batch",
        "link_token",
        "sign_up_token",
        "password_token",
        "public_pass",
        "help_group",
        "help_entry",
        "branch",
        "ticket_section",
        "extension",
        "calendar_day",
        "parked",
        "doubt",
        "price_list",
    }
)
KINDS: Final = OF_HOUSEHOLDS | OF_PEOPLE | OF_OFFICES
# The row names one's own contract beside it, whatever it is.
BESIDE_OWN: Final = frozenset({"sent"})
# Whoever holds one of these may use it: it was given to him by a page, signed.
BEARER: Final = frozenset({"ticket_receipt"})


@dataclass(frozen=True)
class Named:
    """One thing that a request names: of which owner, and by which id."""

    kind: str
    owner: str
    id: str
    is_seen: bool


@dataclass(frozen=True)
class Case:
    """A set of things for one request; an unseen one is answered as `like`, the case in which it is missing."""

    name: str
    things: Mapping[str, Named]
    household: str = ""
    like: str = ""

    @property
    def unseen(self) -> tuple[str, ...]:
        return tuple(kind for kind, thing in self.things.items() if not thing.is_seen)

    @property
    def is_to_be_like(self) -> bool:
        """Say whether the answer must be that of the missing one: what it is like is what the actor does not see."""
        return any(self.like.endswith(kind) for kind in self.unseen)

    @property
    def is_ended(self) -> bool:
        return self.household == ENDED or self.name.startswith(ENDED)


def cases_of(row: Row, actor: Actor, town: Town) -> list[Case]:
    """Return every case of a row for an actor; a row that takes nothing has one."""
    kinds = [name for name in row.names() if name in KINDS]
    if not kinds:
        return [Case("nothing named", {})]
    if kinds[0] in OF_PEOPLE:
        return list(_of_people(kinds[0], actor, town))
    if kinds[0] in OF_OFFICES:
        return list(_of_offices(kinds[0], actor, town))
    children = [kind for kind in kinds if kind != CONTRACT]
    return list(_of_households(children, actor, town, has_parent=CONTRACT in kinds))


def _of_households(children: list[str], actor: Actor, town: Town, *, has_parent: bool) -> Iterator[Case]:
    if has_parent:
        yield from _parents(children, actor, town)
    for child in children:
        beside = [kind for kind in (CONTRACT, *children) if kind != child and (has_parent or kind != CONTRACT)]
        yield from _children(child, beside, actor, town, with_own=not has_parent)


def _parents(children: list[str], actor: Actor, town: Town) -> Iterator[Case]:
    """The contract is one's own, a stranger's, nowhere; its children come along."""
    like = f"{MISSING} {CONTRACT}"
    for name in (OWN, FOREIGN, AWAY, ENDED, LEFT):
        home = town.households[name]
        things = [_thing(kind, home, actor) for kind in (CONTRACT, *children)]
        yield Case(name, _by_kind(things), household=name, like=like)
    own = [_thing(kind, town.own, actor) for kind in children]
    yield Case(like, _by_kind([_missing(CONTRACT), *own]), like=like)
    if children:
        foreign = _thing(CONTRACT, town.households[FOREIGN], actor)
        yield Case("own child under a foreign parent", _by_kind([foreign, *own]), household=FOREIGN, like=like)


def _children(child: str, beside: list[str], actor: Actor, town: Town, *, with_own: bool) -> Iterator[Case]:
    """The child is a stranger's or nowhere while all around it is one's own."""
    around = [_thing(kind, town.own, actor) for kind in beside]
    like = f"{MISSING} {child}"
    alien = [(f"{whose} {child}", _thing(child, town.households[whose], actor)) for whose in (FOREIGN, AWAY, LEFT)]
    named = [(f"{OWN} {child}", _thing(child, town.own, actor))] if with_own else []
    others = [which for which in (SECOND, ENDED) if f"{which} {child}" in town.own.things]
    named += [(f"{which} {child}", _thing(child, town.own, actor, which=which)) for which in others]
    if beside:
        alien = [(name, _under(thing)) for name, thing in alien]
    for name, thing in [*named, *alien, (like, _missing(child))]:
        yield Case(name, _by_kind([*around, thing]), household=OWN, like=like)


def _under(thing: Named) -> Named:
    """A stranger's child is never seen under one's own parent, not even by its owner."""
    return Named(thing.kind, thing.owner, thing.id, is_seen=False)


def _of_people(kind: str, actor: Actor, town: Town) -> Iterator[Case]:
    owners = {OWN: actor.person or town.people["manager"]}
    owners[COLLEAGUE] = town.people["manager" if actor.name == "administrator" else "administrator"]
    owners[FOREIGN] = town.people["administrator of B"]
    owners[AWAY] = town.people["customer of V"]
    like = f"{MISSING} {kind}"
    for name, owner in owners.items():
        yield Case(f"{name} {kind}", _by_kind([_thing(kind, owner, actor)]), like=like)
        if f"{INTERNAL} {kind}" in owner.things:
            hidden = Named(
                kind, owner.name, owner.things[f"{INTERNAL} {kind}"], is_seen=_is_seen_by_office(owner, actor)
            )
            yield Case(f"{name} {INTERNAL} {kind}", _by_kind([hidden]), like=like)
    yield Case(like, _by_kind([_missing(kind)]), like=like)


def _is_seen_by_office(owner: Person, actor: Actor) -> bool:
    return actor.is_of_office and _is_at_w(owner)


def _of_offices(kind: str, actor: Actor, town: Town) -> Iterator[Case]:
    like = f"{MISSING} {kind}"
    for name, office in ((OWN, town.w), (AWAY, town.v)):
        yield Case(f"{name} {kind}", _by_kind([_thing(kind, office, actor)]), like=like)
    yield Case(like, _by_kind([_missing(kind)]), like=like)


def _thing(kind: str, owner: Thing, actor: Actor, *, which: str = "") -> Named:
    id_ = owner.things[f"{which} {kind}".strip()]
    if actor.is_of_office or actor.office is not None:
        is_seen = _is_at_w(owner) and (kind not in BESIDE_OWN or _name_of(owner) == OWN)
        return Named(kind, _name_of(owner), id_, is_seen=is_seen)
    match owner:
        case Household(name=name):
            return Named(kind, name, id_, is_seen=_sees(actor, name, kind=kind, which=which))
        case Person(name=name):
            is_here = kind in BEARER and owner.provider.slug == "w"
            return Named(kind, name, id_, is_seen=owner is actor.person or is_here)
        case Office(provider=provider):
            return Named(kind, provider.slug, id_, is_seen=provider.slug == "w")
        case _:
            raise TypeError(owner)


def _name_of(owner: Thing) -> str:
    match owner:
        case Household(name=name) | Person(name=name):
            return name
        case _:
            return ""


def _is_at_w(owner: Thing) -> bool:
    """Say whether the office of W has it under its eyes."""
    match owner:
        case Household(name=name):
            return name != AWAY
        case Person(provider=provider) | Office(provider=provider):
            return provider.slug == "w"
        case _:
            return False


def _sees(actor: Actor, home: str, *, kind: str, which: str) -> bool:
    """Say whether the actor's role gives sight of the thing; a limit to supply points takes the others' away."""
    role = actor.role_on(home)
    if role is None or home == AWAY or (kind in OF_METERS and role is Role.ACCOUNTANT):
        return False
    is_limited = actor.person is not None and actor.person.points is not None and home == OWN
    return not (is_limited and (kind in OF_GIVERS or (kind in OF_METERS and which == SECOND)))


def _missing(kind: str) -> Named:
    nowhere = str(ids.new())
    return Named(kind, "nobody", receipt_of(nowhere) if kind in BEARER else nowhere, is_seen=False)


def _by_kind(things: list[Named]) -> dict[str, Named]:
    return {thing.kind: thing for thing in things}
