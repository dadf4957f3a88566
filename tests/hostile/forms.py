"""Every form class of the house, and what each has to be told before it can be asked anything."""

import importlib
import inspect
import pkgutil
import random
from collections.abc import Iterator
from typing import Any, Final
from zoneinfo import ZoneInfo

from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

import kabinet
from kabinet.accounts.values import AgreementKind
from kabinet.contracts.models import Contract, Meter, SupplyPoint
from kabinet.help import selectors as helps
from kabinet.infra import ids
from kabinet.kernel.periods import Month
from kabinet.tickets.models import PaidService
from kabinet.tickets.values import Scan
from tests import world
from tests.accounts import people
from tests.hostile.words import sendable, word

SHARE_OF_THE_ODD: Final = 0.4
SHARE_LEFT_OUT: Final = 0.1
# What a field takes, by its kind; the nearest of its bases counts.
PLAUSIBLE: Final[dict[type[forms.Field], tuple[str, ...]]] = {
    forms.Field: ("Иванова", "1", "x", str(world.TODAY)),
    forms.DateField: ("2026-10-01", "01.10.2026"),
    forms.IntegerField: ("1", "3"),
    forms.EmailField: ("a@example.com",),
    forms.BooleanField: ("on",),
    forms.UUIDField: ("01980000-0000-7000-8000-000000000000",),
}


def form_classes() -> list[type[forms.BaseForm]]:
    """Return every form class under kabinet/, whichever module it stands in."""
    for module in pkgutil.walk_packages(kabinet.__path__, "kabinet."):
        importlib.import_module(module.name)
    found = {kind for kind in _below(forms.BaseForm) if kind.__module__.startswith("kabinet.")}
    return sorted(found, key=lambda kind: (kind.__module__, kind.__name__))


def _below(kind: type[Any]) -> Iterator[type[Any]]:
    for one in kind.__subclasses__():
        yield one
        yield from _below(one)


def facts(contract: Contract) -> dict[str, Any]:
    """Return what forms are told by their pages, by the name under which they are told it."""
    provider = contract.provider
    agreements = {kind: people.publish(provider, kind) for kind in AgreementKind}
    service = PaidService.objects.create(
        provider=provider, name="Поверка", resource="cold_water", code="check", working_days=1
    )
    return {
        "access_section": ids.new(),
        "acts": [("readings.sent", "Показания")],
        "agreements": agreements,
        "at": world.NOW,
        "contracts": Contract.objects.filter(provider=provider),
        "digits": 12,
        "email": "a@example.com",
        "groups": helps.groups_of(provider.pk),
        "in_full": True,
        "is_anonymous": True,
        "is_introduced_later": False,
        "is_newcomer": True,
        "kept": [Scan.PASSPORT],
        "login": "anna",
        "meters": Meter.objects.all(),
        "min_length": 8,
        "months": [Month(2026, 9), Month(2026, 10)],
        "names": {ids.new(): "Анна"},
        "needs_organisation": True,
        "offered": (("1", "Дом"), ("2", "Дача")),
        "picked": frozenset(),
        "points": SupplyPoint.objects.all(),
        "provider_id": provider.pk,
        "provider_name": provider.name,
        "replaces": None,
        "services": [service],
        "takes_spare": True,
        "today": world.TODAY,
        "topics": [("Тема", ())],
        "zone": ZoneInfo("Europe/Samara"),
    }


def told_to(function: Any, told: dict[str, Any]) -> dict[str, Any]:
    """Return what a function asks for by name; a name that nobody knows has to be added to `facts`."""
    return {
        name: told[name]
        for name, parameter in inspect.signature(function).parameters.items()
        if parameter.kind is inspect.Parameter.KEYWORD_ONLY and parameter.default is inspect.Parameter.empty
    }


def told_to_form(kind: type[forms.BaseForm], told: dict[str, Any]) -> dict[str, Any]:
    """Return what a form class asks for, and each of those that it is built on."""
    ours = [vars(base) for base in kind.__mro__ if base.__module__.startswith("kabinet.")]
    inits = [own["__init__"] for own in ours if "__init__" in own]
    return {name: value for init in inits for name, value in told_to(init, told).items()}


def typed(form: forms.BaseForm, chance: random.Random) -> tuple[QueryDict, MultiValueDict[str, SimpleUploadedFile]]:
    """Return what somebody typed into the form's fields: much of it as meant, some of it as nobody types."""
    data = QueryDict(mutable=True)
    files: MultiValueDict[str, SimpleUploadedFile] = MultiValueDict()
    for name, field in form.fields.items():
        if chance.random() < SHARE_LEFT_OUT:
            continue
        if isinstance(field, forms.FileField):
            # A part without a name, or of dots, is no file to the reader of forms, and slashes of a name it takes away.
            named = sendable(word(chance)).rpartition("/")[2]
            named = "x" if named in {"", ".", ".."} else named
            files.appendlist(name, SimpleUploadedFile(named, word(chance).encode("utf-8", "surrogatepass")))
            continue
        for part in names_of(name, field):
            data.appendlist(part, sendable(_value(field, chance)))
    return data, files


def names_of(name: str, field: forms.Field) -> list[str]:
    """Return the names under which a field comes; one of several parts has one for each."""
    return [name + part for part in getattr(field.widget, "widgets_names", [""])]


def _value(field: forms.Field, chance: random.Random) -> str:
    if chance.random() < SHARE_OF_THE_ODD:
        return word(chance)
    chosen = [str(value) for value, _ in getattr(field, "choices", ()) if not isinstance(_, list | tuple)]
    kind = next(base for base in type(field).__mro__ if base in PLAUSIBLE)
    return chance.choice(chosen or PLAUSIBLE[kind])


def takes_files(kind: type[forms.BaseForm]) -> bool:
    """Say whether files can be handed over beside what was typed."""
    parameters = inspect.signature(kind).parameters.values()
    return any(one.name == "files" or one.kind is inspect.Parameter.VAR_POSITIONAL for one in parameters)
