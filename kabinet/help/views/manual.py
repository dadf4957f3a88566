"""«Инструкция пользователя» on screen and as PDF (HELP-03)."""

from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from kabinet.help import selectors, services
from kabinet.help.formats.pdf import DIAL
from kabinet.infra.loads import Load, weighs
from kabinet.providers.http import ProviderRequest
from kabinet.web.components import DialDrawing


@require_safe
def manual(request: ProviderRequest) -> HttpResponse:
    figures = "".join(DIAL["whole"] + DIAL["fraction"])
    drawing = DialDrawing(whole=len(DIAL["whole"]), fraction=len(DIAL["fraction"]), figures=figures)
    return render(request, "help/manual.html", {"manual": selectors.manual_for(request.provider), "drawing": drawing})


@weighs(Load.FILE)
@require_safe
def manual_pdf(request: ProviderRequest) -> HttpResponseBase:
    row = request.provider.row
    printed = services.print_manual(
        selectors.manual_for(request.provider), slug=row.slug, words=_words(), colour=row.colour
    )
    name = f"{_('Инструкция пользователя')} - {row.short_name}.pdf"
    return FileResponse(printed.open("rb"), filename=name, content_type="application/pdf")


def _words() -> dict[str, str]:
    """Return the words around the manual's own, which is Russian whatever the page speaks."""
    return {
        "title": "Инструкция пользователя",
        "contents": "Содержание",
        "figure": "Рисунок",
        "dial": "Циферблат: чёрные цифры 00233 передавать, красные 417 — нет",
        "needed": "передавайте",
        "idle": "не нужны",
    }
