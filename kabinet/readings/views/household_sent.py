"""«Спасибо!»: what holds of the month after a sending (READ-08)."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import NoReverseMatch, reverse

from kabinet.kernel.formats import format_month
from kabinet.providers.values import Policy, Resource
from kabinet.readings.models import EFFECTIVE
from kabinet.readings.selectors.household import Flat
from kabinet.readings.views.blocks import language
from kabinet.readings.views.flat_words import number_word, resource_word, unit_of


@dataclass(frozen=True, slots=True)
class Holding:
    """A reading of the month that holds, or a field that is still empty."""

    meter: str
    zone: str
    value: str
    unit: str
    state: str


def sent_facts(flat: Flat, *, policy: Policy) -> dict[str, Any]:
    rows = list(_holdings(flat))
    return {
        "contract": flat.contract,
        "period": format_month(flat.month, language()),
        "rows": [row for row in rows if row.value],
        "left": sum(not row.value for row in rows),
        "calculator_url": _calculator_url(policy),
    }


def _holdings(flat: Flat) -> Iterator[Holding]:
    for meter in flat.meters:
        for line in meter.lines.values():
            sent = line.sent if line.sent and line.sent.state in EFFECTIVE else None
            number = line.register.tariff_number if len(meter.lines) > 1 else None
            if line.is_live or sent:
                yield Holding(
                    meter=f"{resource_word(Resource(meter.meter.resource))}, № {meter.meter.number}",
                    zone=number_word(number) if number else meter.meter.place,
                    value=str(int(sent.value)).zfill(line.register.integer_digits) if sent else "",
                    unit=unit_of(Resource(meter.meter.resource)),
                    state=sent.state if sent else "",
                )


def _calculator_url(policy: Policy) -> str:
    """Return where the calculator is, where the provider has one."""
    try:
        return reverse("billing:calculator") if "calculator" in policy.sections else ""
    except NoReverseMatch:
        return ""
