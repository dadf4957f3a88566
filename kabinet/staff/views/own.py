"""A specialist's own password and spare codes."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kabinet.accounts import services
from kabinet.accounts.forms import ChangePasswordForm
from kabinet.accounts.services import OldPasswordWrong, office_entrance
from kabinet.infra import clock, limits
from kabinet.infra.limits import LimitReached
from kabinet.infra.loads import Load, weighs_sent
from kabinet.staff.forms.entrance import FactorForm
from kabinet.staff.http import OfficeRequest, with_first_password
from kabinet.staff.views.answering import answer


@weighs_sent(Load.SIGN_IN)
@require_http_methods(["GET", "HEAD", "POST"])
@with_first_password
def password(request: OfficeRequest) -> HttpResponse:
    """Change the own password; the one that was printed has to be changed before anything else."""
    is_first = request.user.must_change_password
    min_length = request.provider.policy.password_min_length
    form = ChangePasswordForm(request.POST or None, min_length=min_length, email=request.user.email or "")
    if form.is_valid():
        try:
            _change(request, form)
        except OldPasswordWrong:
            form.add_error("old", _("Старый пароль не подошёл."))
        except LimitReached as reached:
            form.limit(reached.until, zone=request.provider.row.zone)
        else:
            messages.success(request, _("Пароль изменён. Остальные ваши сессии завершены."))
            return redirect("staff:desk")
    return answer(request, "staff/password.html", form, is_first=is_first)


def _change(request: OfficeRequest, form: ChangePasswordForm) -> None:
    services.change_password(
        form.cleaned_data["old"],
        form.cleaned_data["password"],
        session=request.office,
        provider=request.provider.row,
        by=request.actor,
        at=clock.technical_now(),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def spare_codes(request: OfficeRequest) -> HttpResponse:
    """Make new spare codes in place of those before, against a fresh code of the telephone."""
    form = FactorForm(request.POST or None, takes_spare=False)
    if form.is_valid():
        try:
            codes = _renew(request, form.cleaned_data["code"])
        except LimitReached as reached:
            form.limit(reached.until, zone=request.provider.row.zone)
        else:
            if codes:
                return render(request, "staff/spare_codes_made.html", {"codes": codes})
            form.refuse()
    left = request.specialist.spare_codes.filter(used_at=None).count()
    return answer(request, "staff/spare_codes.html", form, left=left)


def _renew(request: OfficeRequest, code: str) -> tuple[str, ...] | None:
    limits.spend(office_entrance.FACTOR_TRIES, str(request.specialist.pk))
    codes = office_entrance.renew_spare_codes(request.office, code, by=request.actor, at=clock.technical_now())
    if codes:
        limits.give_back(office_entrance.FACTOR_TRIES, str(request.specialist.pk))
    return codes
