"""Letters about sign-up and sign-in: which template, which facts; links lead to the provider's own portal."""

from dataclasses import replace
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import get_script_prefix, reverse

from kabinet.accounts.models import User
from kabinet.accounts.rules.codes import CODE_LIVES
from kabinet.accounts.values import Browser
from kabinet.infra.mail import Letter
from kabinet.providers.models import Provider, ProviderHost


def portal_address(provider: Provider) -> str:
    """Return where the portal is, without a slash at the end: the provider's own host, else its path on ours."""
    host = ProviderHost.objects.filter(provider=provider).order_by("host").values_list("host", flat=True).first()
    if host:
        return f"{urlsplit(settings.BASE_URL).scheme or 'https'}://{host}"
    return f"{settings.BASE_URL}/{provider.slug}"


def link_to(provider: Provider, route: str, *args: object) -> str:
    """Return the absolute address of a page, the same from a request and from a job."""
    path = reverse(route, args=args)
    return f"{portal_address(provider)}/{path.removeprefix(get_script_prefix()).lstrip('/')}"


def confirm_code(user: User, code: str, *, provider: Provider) -> Letter:
    page = link_to(provider, "accounts:confirm_email")
    return _letter("confirm_code", user, provider, code=code, page=page, minutes=_MINUTES)


def already_registered(user: User, *, provider: Provider) -> Letter:
    return _letter(
        "already_registered",
        user,
        provider,
        sign_in=link_to(provider, "accounts:sign_in"),
        recover=link_to(provider, "accounts:recover"),
    )


def recovery_code(user: User, code: str, *, provider: Provider) -> Letter:
    page = link_to(provider, "accounts:recover_code")
    return _letter("recovery_code", user, provider, code=code, page=page, minutes=_MINUTES)


def recovery_link(user: User, token: str, *, provider: Provider, hours: int) -> Letter:
    page = link_to(provider, "accounts:recover_link", token)
    return _letter("recovery_link", user, provider, page=page, hours=hours)


def password_changed(user: User, *, provider: Provider) -> Letter:
    return _letter("password_changed", user, provider, recover=link_to(provider, "accounts:recover"))


def new_browser(user: User, browser: Browser, *, provider: Provider, address: str) -> Letter:
    sessions = link_to(provider, "accounts:sessions")
    return _letter("new_browser", user, provider, browser=browser, address=address, sessions=sessions)


def address_replaced(user: User, *, former: str, provider: Provider) -> Letter:
    """Tell the address that is the person's no longer."""
    return replace(_letter("address_replaced", user, provider), to=former)


def new_address_code(user: User, code: str, *, to: str, provider: Provider) -> Letter:
    """Carry the code that proves the address to be."""
    page = link_to(provider, "accounts:profile")
    return replace(_letter("new_address_code", user, provider, code=code, page=page, minutes=_MINUTES), to=to)


def address_taken(owner: User, *, provider: Provider) -> Letter:
    """Tell who has the address that somebody wanted it too."""
    return _letter("address_taken", owner, provider, recover=link_to(provider, "accounts:recover"))


def address_changing(user: User, *, provider: Provider) -> Letter:
    return _letter("address_changing", user, provider, password=link_to(provider, "accounts:password"))


def address_changed(user: User, *, former: str, provider: Provider) -> Letter:
    """Tell the address that is the person's no longer."""
    return replace(_letter("address_changed", user, provider), to=former)


def account_closed(user: User, *, provider: Provider, is_erased: bool) -> Letter:
    return _letter("account_closed", user, provider, is_erased=is_erased)


def spare_code_used(user: User, *, provider: Provider, left: int) -> Letter:
    return _letter("spare_code_used", user, provider, left=left)


_MINUTES = int(CODE_LIVES.total_seconds()) // 60


def _letter(template: str, user: User, provider: Provider, **facts: object) -> Letter:
    """Tell nothing of the person: until it is confirmed the address may be a stranger's."""
    return Letter(
        template=f"accounts/{template}",
        to=user.email or "",
        language=user.language,
        facts={"provider": provider, "portal": portal_address(provider), **facts},
    )
