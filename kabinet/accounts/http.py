"""The request as pages of people see it, and the doors that let them in."""

import functools
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, TypeVar, cast
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib import messages
from django.core import signing
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import get_script_prefix, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from kabinet.accounts import selectors, services
from kabinet.accounts.models import Enrollment, Session, User
from kabinet.accounts.rules.profile import still_unknown
from kabinet.accounts.services import Started, TooMuchTyped
from kabinet.accounts.values import Introduction, Place
from kabinet.infra import clock
from kabinet.infra.limits import LimitReached
from kabinet.providers.http import ProviderRequest
from kabinet.web import languages

KEPT_COOKIE: Final = "kabinet-kept"
ADDRESS_COOKIE: Final = "kabinet-address"
_COOKIE_LIVES_SECONDS: Final = 2 * 60 * 60
_START: Final = "home:start"
_INTRODUCTION: Final = {
    Introduction.PERSON: "accounts:introduce",
    Introduction.PHONE: "accounts:introduce_phone",
}

View = TypeVar("View", bound=Callable[..., HttpResponse])


class AccountRequest(ProviderRequest):
    """A request that knows its browser's session; writing `session_token` changes the cookie."""

    session_token: str
    session_key: str
    session: Session | None  # type: ignore[assignment]  # not Django's sessions: ours are rows of people
    user: User | None  # type: ignore[assignment]  # nobody is None


class SignedInRequest(AccountRequest):
    """A request behind `signed_in`: there is a person."""

    session: Session
    user: User


def place_of(request: AccountRequest) -> Place:
    """Return from where the request came."""
    return Place(address=request.client_address, agent=request.headers.get("User-Agent", ""))


def signed_in(view: View) -> View:
    """Let in who is signed in; others sign in first and come back, with what they had typed."""

    @functools.wraps(view)
    def guarded(request: AccountRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.user is None:
            return _to_sign_in(request)
        due = _asked_first(request)
        if due and not _is_page(request, due):
            return redirect(with_next(due, _page_of(request)))
        response = view(request, *args, **kwargs)
        if request.method == "POST" and KEPT_COOKIE in request.COOKIES:
            _drop_kept(request, response)
        return response

    return cast("View", guarded)


def anonymous_only(view: View) -> View:
    """Send people who are signed in already to where they were going."""

    @functools.wraps(view)
    def guarded(request: AccountRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.user is not None:
            return redirect(next_page(request) or _START)
        return view(request, *args, **kwargs)

    return cast("View", guarded)


def part_of(request: SignedInRequest) -> Enrollment:
    """Return the person's part at the provider; a session that opens pages has one."""
    part = request.session.enrollment
    if part is None:
        raise services.PartClosed
    part.user = request.user
    return part


def introduction_due(request: SignedInRequest) -> Introduction | None:
    """Say what the person has still to tell of himself before anything opens; costs no statement."""
    if not request.provider.policy.introduces:
        return None
    return still_unknown(services.personal_data_of(part_of(request)), phone=request.user.phone)


def next_page(request: AccountRequest) -> str:
    """Return the page of this provider that the person was going to; empty where none is named, or a foreign one."""
    wanted = request.POST.get("next") or request.GET.get("next", "")
    return wanted if _is_own(wanted) else ""


def enter(request: AccountRequest, started: Started) -> HttpResponse:
    """Give the browser its new session and lead on: to the agreements first where some are to be accepted.

    The secret against forged posts stays the same: forms open in other tabs are still good after the sign-in.
    """
    request.session_token = started.token
    wanted = next_page(request)
    if started.is_waiting:
        return redirect(with_next("accounts:accept_agreements", wanted))
    _keep_language(request, started.session.user)
    messages.success(request, _("Вы успешно авторизовались!"))
    return redirect(wanted or _START)


def leave(request: AccountRequest) -> None:
    """Take the session from the browser."""
    request.session_token = ""


def with_next(route: str, wanted: str) -> str:
    """Return a page's address that remembers where the person is going."""
    return f"{reverse(route)}?{urlencode({'next': wanted})}" if wanted else reverse(route)


def typed_before(request: AccountRequest) -> QueryDict | None:
    """Return what the person had typed on this page before the session ended; None where nothing waits."""
    typed = typed_under(request, request.COOKIES.get(KEPT_COOKIE, ""))
    if typed is not None:
        messages.info(request, _("Введённое до входа сохранено: проверьте и отправьте."))
    return typed


def typed_under(request: AccountRequest, token: str) -> QueryDict | None:
    """Return what the person had typed on this page and what was kept under the token."""
    if not token or request.user is None:
        return None
    key = selectors.key_of(token)
    kept = selectors.kept_input(key, provider_id=request.provider.row.pk, at=clock.technical_now())
    if kept is None or kept.path != request.path or kept.owner_id not in {None, request.user.pk}:
        return None
    typed = QueryDict(mutable=True)
    for name, values in kept.fields.items():
        typed.setlist(name, values)
    return typed


def keep_over_reload(request: SignedInRequest, fields: Mapping[str, Sequence[str]]) -> str:
    """Keep what is typed on this page while it is loaded anew; `typed_under` gives it back for the token."""
    return services.keep_over_reload(
        fields, path=request.path, provider=request.provider.row, session=request.session, at=clock.technical_now()
    )


def remember_address(response: HttpResponse, email: str) -> None:
    """Let this browser's next page know which address a code went to."""
    _set_cookie(response, ADDRESS_COOKIE, signing.dumps(email, salt=ADDRESS_COOKIE))


def remembered_address(request: AccountRequest) -> str:
    """Return the address that this browser has just asked a code for; empty where none."""
    try:
        email = signing.loads(
            request.COOKIES.get(ADDRESS_COOKIE, ""), salt=ADDRESS_COOKIE, max_age=_COOKIE_LIVES_SECONDS
        )
    except signing.BadSignature:
        return ""
    return str(email)


def _asked_first(request: Any) -> str:
    """Return the page that has to be answered before any other opens; empty where none has."""
    if request.user.must_change_password:
        return "accounts:password"
    due = introduction_due(request)
    return _INTRODUCTION[due] if due else ""


def _is_page(request: AccountRequest, route: str) -> bool:
    return request.resolver_match is not None and request.resolver_match.view_name == route


def _keep_language(request: AccountRequest, user: User) -> None:
    """Let the language that was chosen on this device before the sign-in become the person's."""
    chosen = languages.from_cookie(request)
    if settings.LANGUAGE_COOKIE_NAME in request.COOKIES and chosen != user.language:
        services.choose_language(user, chosen)


def _to_sign_in(request: AccountRequest) -> HttpResponse:
    page = _page_of(request)
    to = with_next("accounts:sign_in", page)
    response = HttpResponse(headers={"HX-Redirect": to}) if "HX-Request" in request.headers else redirect(to)
    if request.method == "POST":
        _keep_typed(request, response, page=page)
    return response


def _page_of(request: AccountRequest) -> str:
    """Return the page where the person was: a post may go elsewhere than to the page of its form."""
    if request.method in {"GET", "HEAD"} and "HX-Request" not in request.headers:
        return request.get_full_path()
    shown = urlsplit(request.headers.get("HX-Current-URL") or request.headers.get("Referer", ""))
    page = f"{shown.path}?{shown.query}" if shown.query else shown.path
    return page if shown.netloc == request.get_host() and _is_own(page) else request.path


def _keep_typed(request: AccountRequest, response: HttpResponse, *, page: str) -> None:
    try:
        token = services.keep_input(
            dict(request.POST.lists()),
            path=urlsplit(page).path,
            provider=request.provider.row,
            session_key=request.session_key,
            address=request.client_address,
            at=clock.technical_now(),
        )
    except (LimitReached, TooMuchTyped):
        messages.warning(request, _("Сеанс закончился. Войдите и введите данные ещё раз: они не отправлены."))
    else:
        _set_cookie(response, KEPT_COOKIE, token)
        messages.warning(request, _("Сеанс закончился. Войдите: введённое сохранено и вернётся на страницу."))


def _drop_kept(request: AccountRequest, response: HttpResponse) -> None:
    services.drop_input(selectors.key_of(request.COOKIES[KEPT_COOKIE]))
    response.delete_cookie(KEPT_COOKIE, path=get_script_prefix())


def _set_cookie(response: HttpResponse, name: str, value: str) -> None:
    response.set_cookie(
        name,
        value,
        max_age=_COOKIE_LIVES_SECONDS,
        path=get_script_prefix(),
        secure=settings.COOKIES_ARE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _is_own(url: str) -> bool:
    """Say whether the address is a plain path of this provider's portal."""
    is_path = url_has_allowed_host_and_scheme(url, allowed_hosts=None) and url.startswith(get_script_prefix())
    return is_path and ".." not in url and "\\" not in url
