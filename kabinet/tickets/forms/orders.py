"""«Подать заявку»: the service, the meter, two scans, how to reach the person (REQ-02)."""

from collections.abc import Iterable
from typing import Any, cast
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kabinet.contracts.models import Meter
from kabinet.tickets.forms.feedback import ContactForm
from kabinet.tickets.forms.files import LARGEST_FILE
from kabinet.tickets.models import PaidService
from kabinet.tickets.services.asking import GivenFile
from kabinet.tickets.values import Contact, OrderFacts, Scan

_PAPERS = ".pdf,.png,.jpg,.jpeg"


class ScanField(forms.FileField):
    """One scan, measured before anybody opens it."""

    def __init__(self, label: Any) -> None:
        super().__init__(
            label=label,
            required=False,
            allow_empty_file=True,
            widget=forms.FileInput({"accept": _PAPERS}),
            help_text=_("PDF или снимок PNG, JPEG, не больше 8 МБ"),
        )

    def clean(self, data: Any, initial: Any = None) -> Any:
        given = super().clean(data, initial)
        if given and given.size > LARGEST_FILE:
            raise ValidationError(_("Файл «%(name)s» больше 8 МБ."), params={"name": given.name})
        if given and not given.size:
            raise ValidationError(_("Файл «%(name)s» пуст."), params={"name": given.name})
        return given


class OrderForm(ContactForm):
    """The form of one resource; scans that were given before stay until they are taken out."""

    field_order = ("service", "meter", "passport", "scheme", "name", "email", "phone")

    service = forms.ChoiceField(
        label=_("Услуга"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Выберите услугу."), "invalid_choice": _("Выберите услугу из списка.")},
    )
    meter = forms.ChoiceField(
        label=_("Место установки прибора учета"),
        error_messages={"required": _("Выберите прибор учета."), "invalid_choice": _("Выберите прибор из списка.")},
    )
    passport = ScanField(_("Скан паспорта прибора учета"))
    scheme = ScanField(_("Скан схемы установки или переноса"))

    without_contact = _("Оставьте адрес электронной почты или телефон: иначе мастер не договорится о дне.")

    def __init__(
        self, *args: Any, services: Iterable[PaidService], meters: Iterable[Meter], kept: Iterable[Scan], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].help_text = _("Сюда придут номер заявки и ответ")
        self.kept = frozenset(kept)
        cast("forms.ChoiceField", self.fields["service"]).choices = [(str(row.pk), row.name) for row in services]
        named = [(str(row.pk), meter_words(row)) for row in meters]
        self.has_meters = bool(named)
        first = [] if len(named) == 1 else [("", gettext("Выберите"))]
        cast("forms.ChoiceField", self.fields["meter"]).choices = [*first, *named]

    def refuse_file(self, name: str) -> None:
        scan = next((scan for scan, given in self.scans().items() if given.name == name), Scan.PASSPORT)
        words = gettext("Файл «%(name)s» не открыть: это не PDF и не снимок. Остальное сохранено, приложите другой.")
        self.add_error(scan, words % {"name": name})

    def value(self) -> OrderFacts:
        given = self.cleaned_data
        return OrderFacts(
            service_id=UUID(given["service"]),
            meter_id=UUID(given["meter"]),
            contact=Contact(given["name"], given["email"], given["phone"]),
            without=frozenset(scan for scan in self.kept if self.data.get(f"without-{scan}")),
        )

    def scans(self) -> dict[Scan, GivenFile]:
        given = {scan: self.cleaned_data.get(scan) for scan in Scan}
        return {scan: GivenFile(file.name or "", file) for scan, file in given.items() if file}


def meter_words(meter: Meter) -> str:
    """Name a meter by its place, as people know it."""
    return ", ".join(filter(None, (meter.place, f"№ {meter.number}", meter.point.address)))
