"""The desk: what waits now; and the search for people and contracts."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from kabinet.accounts.rules import staff as rules
from kabinet.accounts.services import office_entrance
from kabinet.accounts.values import StaffAction
from kabinet.staff.forms.cards import SearchForm
from kabinet.staff.http import OfficeRequest, duty
from kabinet.staff.selectors import desk as selectors
from kabinet.staff.selectors.search import MOST, found


@require_safe
def desk(request: OfficeRequest) -> HttpResponse:
    """Show the duties with what waits in them."""
    held = [action for action in StaffAction if rules.may(request.specialist.held, action)]
    return render(request, "staff/desk.html", {"waiting": selectors.waiting_for(request.provider.row.pk, held)})


@require_http_methods(["GET", "HEAD", "POST"])
@duty(StaffAction.OPEN_CARDS)
def search(request: OfficeRequest) -> HttpResponse:
    """Keep the phrase with the session and show what it finds: addresses of pages stand in logs."""
    form = SearchForm(request.POST if request.method == "POST" else None, initial={"phrase": request.office.phrase})
    if form.is_valid():
        office_entrance.look_for(request.office, form.cleaned_data["phrase"])
        return redirect("staff:search")
    phrase = "" if form.is_bound else request.office.phrase
    facts = {"form": form, "phrase": phrase, "found": found(request.provider.row.pk, phrase), "most": MOST}
    return render(request, "staff/search.html", facts)
