"""The words of a flat's meters, and the hidden fields that carry on what was typed."""

from collections.abc import Collection, Iterable, Iterator

from django.utils.translation import gettext as _

from kabinet.contracts.values import Zone
from kabinet.providers.values import Resource
from kabinet.readings.selectors.household import Flat
from kabinet.readings.services.checking import CheckedMeter
from kabinet.readings.values.household import TypedFlat


def resource_word(resource: Resource) -> str:
    """Name a tab."""
    return _("Электроэнергия") if resource is Resource.ELECTRICITY else _("Горячая вода")


def unit_of(resource: Resource) -> str:
    """Write the unit as the manual does."""
    return _("кВт.ч") if resource is Resource.ELECTRICITY else _("куб.м")


def field_label(zone: Zone) -> str:
    """Name a field as the manual does."""
    match zone:
        case Zone.NIGHT:
            return _("ночь")
        case Zone.HALF_PEAK:
            return _("полупик")
        case _:
            return _("день")


def number_word(number: int) -> str:
    return f"T{number}"


def hidden_of(meters: Iterable[CheckedMeter]) -> Iterator[tuple[str, str]]:
    """Yield the fields of meters that a page does not show, so that the next press carries them too."""
    for meter in meters:
        yield f"type-{meter.of.id}", str(meter.tariffs)
        if meter.is_claim_agreed and meter.claim:
            yield f"agree-{meter.of.id}", "on"
        for field in meter.fields:
            name = f"value-{field.line.row_id}" if field.line else f"claim-{meter.of.id}-{field.zone}"
            yield name, field.raw
            if meter.tariffs > 1:
                yield f"tariff-{meter.of.id}-{field.zone}", str(field.number or "")


def beside(typed: TypedFlat, flat: Flat, names: Collection[str]) -> Iterator[tuple[str, str]]:
    """Yield what was typed of the flat's meters in fields that a page does not have, as those of another type."""
    meters = {meter.id for meter in flat.meters}
    everything = [
        *((f"value-{row}", raw) for row, raw in typed.values.items() if row in flat.sheet.row_ids),
        *((f"claim-{of}-{zone}", raw) for (of, zone), raw in typed.claims.items() if of in meters),
        *((f"tariff-{of}-{zone}", str(number or "")) for (of, zone), number in typed.numbers.items() if of in meters),
    ]
    yield from ((name, text) for name, text in everything if name not in names)
