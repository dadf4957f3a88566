"""Reads of contracts, always through somebody's eyes."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, QuerySet
from django.db.models.functions import Length

from kabinet.accounts.models import LoginName, User
from kabinet.accounts.selectors import key_of
from kabinet.contracts.models import (
    Annex,
    Contract,
    ContractSet,
    LinkRequest,
    LinkRequestSet,
    Membership,
    MembershipSet,
    Meter,
    SignUpRequest,
    SupplyPoint,
)
from kabinet.contracts.rules import rights
from kabinet.contracts.values import Action, Giver, Role, Viewer


def contracts_of(viewer: Viewer, *, action: Action = Action.SEE_CONTRACT) -> ContractSet:
    """Return the contracts on which the viewer may do the action; strangers' rows are not in the set."""
    allowed = [m.contract_id for m in viewer.memberships if rights.may(m.role, action)]
    return Contract.objects.filter(provider_id=viewer.provider_id, pk__in=allowed).order_by("customer_name", "number")


def meters_of(viewer: Viewer, *, action: Action = Action.SEE_READINGS) -> QuerySet[Meter]:
    """Return the meters that the viewer may act upon, limited to his supply points, with points and registers."""
    seen = Meter.objects.none()
    for membership in viewer.memberships:
        if rights.may(membership.role, action):
            mine = Meter.objects.filter(contract_id=membership.contract_id)
            seen = seen | (mine if membership.points is None else mine.filter(point_id__in=membership.points))
    return (
        seen.select_related("point", "replaced_by")
        .prefetch_related(Prefetch("registers"), Prefetch("replaces"))
        .order_by("point__address", "number")
    )


def people_of(contract_id: UUID, *, at: datetime) -> MembershipSet:
    """Return who holds the contract at the moment."""
    return Membership.objects.live(at).filter(contract_id=contract_id).select_related("user")


@dataclass(frozen=True, slots=True)
class Holder:
    """A person of a contract as its Администратор sees him (ROLE-05).

    The name is there for who linked the contract himself: of an address that was typed in, it would tell whether
    somebody is registered under it.
    """

    membership: Membership
    name: str
    email: str
    giver: Giver
    giver_name: str
    is_own: bool

    @property
    def may_be_changed(self) -> bool:
        return not self.is_own and self.membership.role != Role.ADMINISTRATOR


def holders_of(viewer: Viewer, contract: Contract, *, at: datetime) -> list[Holder]:
    """Return everybody who holds the contract, its Администратор first, to who may give roles on it."""
    found = _holders(viewer, contract, people_of(contract.pk, at=at))
    return sorted(found, key=lambda one: one.membership.role != Role.ADMINISTRATOR)


def former_holder_of(viewer: Viewer, contract: Contract, membership_id: UUID, *, at: datetime) -> Holder | None:
    """Return who had the role until it was taken away or replaced, to who may give roles on the contract."""
    ended = Membership.objects.filter(contract=contract, pk=membership_id, ended_at__lte=at).select_related("user")
    return next(iter(_holders(viewer, contract, ended)), None)


def _holders(viewer: Viewer, contract: Contract, people: MembershipSet) -> list[Holder]:
    if viewer.role_on(contract.pk) is not Role.ADMINISTRATOR:
        return []
    linked = Membership.objects.filter(contract=contract, user=OuterRef("user"), granted_by=OuterRef("user"))
    people = people.annotate(has_linked=Exists(linked)).order_by("granted_at", "pk")
    givers = User.objects.in_bulk({one.granted_by for one in people if one.granted_by})
    return [_holder(one, givers.get(one.granted_by), viewer=viewer) for one in people]


def _holder(membership: Membership, giver: User | None, *, viewer: Viewer) -> Holder:
    user, is_own = membership.user, membership.user_id == viewer.user_id
    may_be_named = is_own or membership.has_linked  # type: ignore[attr-defined]  # an annotation of `_holders`
    return Holder(
        membership=membership,
        name=user.display_name if may_be_named and user.display_name != user.email else "",
        email=user.email or "",
        giver=_giver(membership, giver, viewer=viewer),
        giver_name=giver.display_name if giver else "",
        is_own=is_own,
    )


def _giver(membership: Membership, giver: User | None, *, viewer: Viewer) -> Giver:
    """Say who gave the role; what no customer gave came from the office."""
    if giver is None:
        return Giver.OFFICE if membership.granted_by else Giver.SELF
    if giver.pk == viewer.user_id:
        return Giver.SELF if membership.user_id == viewer.user_id else Giver.VIEWER
    return Giver.SELF if giver.pk == membership.user_id else Giver.COLLEAGUE


def without_administrator(contract_ids: Collection[UUID], *, at: datetime) -> frozenset[UUID]:
    """Return those of the contracts that have no Администратор: «Запросить доступ» stands beside them (ROLE-03)."""
    held = Membership.objects.live(at).filter(contract_id__in=contract_ids, role=Role.ADMINISTRATOR)
    return frozenset(contract_ids) - frozenset(held.values_list("contract_id", flat=True))


@dataclass(frozen=True, slots=True)
class OwnRole:
    """The viewer's role on a contract, as «Профиль» → «Договоры» tells it."""

    contract: Contract
    role: Role
    may_give: bool
    may_ask: bool
    asked: str
    people: int


def own_roles_of(viewer: Viewer, *, at: datetime) -> list[OwnRole]:
    """Return the viewer's contracts with his role; `may_ask` where nobody is the Администратор (ROLE-03)."""
    contracts = list(contracts_of(viewer))
    lacking = without_administrator([contract.pk for contract in contracts], at=at)
    given = [one.pk for one in contracts_of(viewer, action=Action.GRANT_ROLES)]
    live = Membership.objects.live(at).filter(contract_id__in=given).values("contract_id")
    people = dict(live.annotate(number=Count("pk")).values_list("contract_id", "number"))
    own = Membership.objects.live(at).filter(user_id=viewer.user_id, contract_id__in=lacking)
    asked = dict(own.values_list("contract_id", "access_request"))
    return [
        OwnRole(
            contract=contract,
            role=role,
            may_give=contract.pk in people,
            may_ask=contract.pk in lacking and rights.may(role, Action.ASK_FOR_ADMINISTRATOR),
            asked=asked.get(contract.pk, ""),
            people=people.get(contract.pk, 0),
        )
        for contract in contracts
        if (role := viewer.role_on(contract.pk)) is not None
    ]


def has_administrator(contract: Contract, *, at: datetime) -> bool:
    return not without_administrator([contract.pk], at=at)


def points_of(contract: Contract, *, phrase: str = "") -> QuerySet[SupplyPoint]:
    """Return the contract's supply points, by the words of a phrase that stand in code, name or address."""
    found = SupplyPoint.objects.filter(contract=contract)
    for word in phrase.split():
        found = found.filter(Q(code__icontains=word) | Q(name__icontains=word) | Q(address__icontains=word))
    return found.order_by("code", "address", "pk")


def link_requests_of(viewer: Viewer, *, at: datetime) -> LinkRequestSet:
    """Return what the viewer has typed and what waits for its mailbox, the latest first."""
    own = LinkRequest.objects.waiting(at).filter(user_id=viewer.user_id, provider_id=viewer.provider_id)
    return own.order_by("-asked_at", "-pk")


def link_request_by(token: str, *, provider_id: UUID, at: datetime) -> LinkRequest | None:
    """Return the request that a letter's link opens."""
    waiting = LinkRequest.objects.waiting(at).filter(provider_id=provider_id, secret_hash=key_of(token))
    return waiting.select_related("user", "contract").first()


@dataclass(frozen=True, slots=True)
class WaitingSignUp:
    """A sign-up that waits for its password; `login` is the number, or the address where the number is somebody's."""

    login: str
    email: str


def sign_up_by(token: str, *, provider_id: UUID, at: datetime) -> WaitingSignUp | None:
    """Return the sign-up that a letter's link opens."""
    request = SignUpRequest.objects.waiting(at).filter(provider_id=provider_id, secret_hash=key_of(token)).first()
    if request is None or not token:
        return None
    is_taken = LoginName.objects.filter(provider_id=provider_id, value=request.login).exists()
    return WaitingSignUp(login=request.email if is_taken else request.login, email=request.email)


@dataclass(frozen=True, slots=True)
class Installed:
    """A supply point with one of its meters, or with none."""

    point: SupplyPoint
    meter: Meter | None


def annexes_of(viewer: Viewer, *, today: date) -> QuerySet[Annex]:
    """Return the annexes of the viewer's contracts that hold on the day, by their numbers."""
    lasting = Q(valid_to__isnull=True) | Q(valid_to__gt=today)
    seen = Annex.objects.filter(lasting, contract__in=contracts_of(viewer).order_by())
    # The second comes before the tenth.
    return seen.select_related("paper__stored").order_by(Length("number"), "number", "pk")


def places_of(contract: Contract) -> QuerySet[SupplyPoint, tuple[UUID, UUID | None]]:
    """Return each supply point with each of its meters, the lasting ones first, by their ids: to be paged."""
    return (
        SupplyPoint.objects.filter(contract=contract)
        .order_by("code", "address", "pk", F("meters__valid_to").desc(nulls_first=True), "meters__number", "meters__pk")
        .values_list("pk", "meters__pk")
    )


def installed_at(places: Sequence[tuple[UUID, UUID | None]]) -> list[Installed]:
    """Return what stands at the places, in their order; the number of statements is the same for one and for all."""
    points = SupplyPoint.objects.in_bulk([point for point, _ in places])
    found = Meter.objects.select_related("replaced_by").prefetch_related("registers")
    meters = found.in_bulk([meter for _, meter in places if meter])
    return [Installed(points[point], meters[meter] if meter else None) for point, meter in places]
