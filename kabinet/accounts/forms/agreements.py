"""Boxes of agreements and the page that asks for them (REG-09)."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.http import QueryDict
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from kabinet.accounts.forms.fields import PageForm, line
from kabinet.accounts.forms.words import BOX_MISSING_WORDS, BOX_WORDS, REPLACED_WORDS
from kabinet.accounts.models import Agreement
from kabinet.accounts.values import REQUIRED_AGREEMENTS, Acceptance, AgreementKind


class AgreementBoxes(PageForm):
    """A box for each agreement, none ticked before; what a box sends is the version whose text stood beside it."""

    def __init__(self, *args: Any, agreements: Mapping[AgreementKind, Agreement], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.agreements = agreements
        for kind, agreement in agreements.items():
            self.fields[kind] = _box(kind, agreement)
        self._untick_replaced()

    @property
    def boxes(self) -> list[forms.BoundField]:
        return [self[kind] for kind in self.agreements]

    @property
    def accepted(self) -> frozenset[UUID]:
        return frozenset(agreement.pk for kind, agreement in self.agreements.items() if self.cleaned_data.get(kind))

    def clean(self) -> dict[str, Any]:
        """Say of a voluntary box too that its tick was taken off; a required one says so by itself."""
        cleaned = super().clean() or self.cleaned_data
        for kind in self._replaced:
            if not self.fields[kind].required:
                self.add_error(kind, REPLACED_WORDS)
        return cleaned

    def _untick_replaced(self) -> None:
        """Take the tick off a box whose text was replaced while the page was open."""
        self._replaced: list[AgreementKind] = []
        if not self.is_bound:
            return
        given = self.data
        self.data = data = QueryDict(mutable=True)
        data.update(given)
        for kind, agreement in self.agreements.items():
            if data.get(kind) not in {None, str(agreement.pk)}:
                del data[kind]
                self._replaced.append(kind)
                self.fields[kind].error_messages["required"] = REPLACED_WORDS


class AcceptForm(AgreementBoxes):
    """What is still to be accepted; who is new names the organisation too, where nothing asks for it later."""

    organisation = line(_("Наименование организации"), _("Введите наименование организации."), "organization", 200)

    def __init__(self, *args: Any, is_newcomer: bool, is_introduced_later: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.is_newcomer = is_newcomer
        if not is_newcomer or is_introduced_later:
            del self.fields["organisation"]

    def value(self) -> Acceptance:
        return Acceptance(accepted=self.accepted, organisation=self.cleaned_data.get("organisation", ""))


def _box(kind: AgreementKind, agreement: Agreement) -> forms.BooleanField:
    url = reverse("accounts:agreement_version", args=[kind, agreement.version])
    return forms.BooleanField(
        label=BOX_WORDS[kind],
        required=kind in REQUIRED_AGREEMENTS,
        widget=forms.CheckboxInput({"value": str(agreement.pk)}),
        help_text=format_html('<a href="{}" target="_blank">{}</a>', url, agreement.title),
        error_messages={"required": BOX_MISSING_WORDS.get(kind, "")},
    )
