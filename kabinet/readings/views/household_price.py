"""What typed readings cost, for who types and for the check screen: information, not a bill."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from kabinet.kernel.formats import format_money
from kabinet.readings.selectors.household import Flat
from kabinet.readings.selectors.prices import prices_of
from kabinet.readings.services.checking import Checked
from kabinet.readings.services.costing import MeterCost, costs_of
from kabinet.readings.views.blocks import language
from kabinet.readings.views.flat_words import field_label, number_word, resource_word
from kabinet.tariffs.values import total_of


@dataclass(frozen=True, slots=True)
class PriceShown:
    """A meter's sum: by zones, and against a usual month."""

    title: str
    total: str
    zones: tuple[tuple[str, str], ...]
    difference: str


def price_facts(flat: Flat, seen: Checked) -> dict[str, Any]:
    """Return the sums of what would go, and how they stand to a usual month; nothing where no price is known.

    The sum itself tells only what was typed, at the house's published tariff: whoever is not signed in may have it.
    """
    if not seen.going:
        return {"prices": [], "total": ""}
    costs = costs_of(flat, seen, prices_of(flat.contract, month=flat.month, resources=flat.resources))
    return {
        "prices": [_shown(one, tells_usual=flat.tells_usual) for one in costs],
        "total": _total(costs) if len(costs) > 1 else "",
    }


def _total(costs: Sequence[MeterCost]) -> str:
    return format_money(total_of(one.cost.total for one in costs), language())


def _shown(one: MeterCost, *, tells_usual: bool) -> PriceShown:
    numbers = {field.zone: field.number for field in one.meter.fields}
    zones = tuple(
        (number_word(number) if (number := numbers.get(zone)) else field_label(zone), format_money(sum_, language()))
        for zone, sum_ in one.cost.by_zone.items()
    )
    return PriceShown(
        title=f"{resource_word(one.meter.of.resource)}, № {one.meter.of.meter.number}",
        total=format_money(one.cost.total, language()),
        zones=zones if len(zones) > 1 else (),
        difference=_difference(one.cost.difference) if tells_usual else "",
    )


def _difference(amount: Decimal | None) -> str:
    """Say how the sum stands to what is usually paid."""
    if amount is None:
        return ""
    sum_ = format_money(abs(amount), language())
    if amount > 0:
        return _("на %(sum)s больше обычного") % {"sum": sum_}
    return _("на %(sum)s меньше обычного") % {"sum": sum_} if amount < 0 else _("как обычно")
