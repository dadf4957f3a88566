"""Golden cases of charging, answered by the rules of tariffs."""

from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from kabinet.kernel.exact import half_up_ratio
from kabinet.providers.values import Resource
from kabinet.tariffs.rules.common_needs import common_needs, volume_by_house_meter, volume_by_norm
from kabinet.tariffs.rules.electricity import metered_electricity
from kabinet.tariffs.rules.heat import heat_by_house_meter, heat_by_norm
from kabinet.tariffs.rules.norms import by_norm
from kabinet.tariffs.rules.penalties import overdue_days, penalty
from kabinet.tariffs.rules.water import cold_and_sewage, drain_volume, hot_water, hot_water_of_boiler
from kabinet.tariffs.values import (
    Areas,
    Boiler,
    Calculation,
    ChargeKind,
    ChargeLine,
    CommonVolume,
    HotWaterPrices,
    HouseVolumes,
    NormUse,
    Unit,
    total_of,
)

Facts = dict[str, Any]


def calculator(given: Facts) -> Facts:
    kinds = {"meter": _meter, "ranges": _ranges, "ranges_by_zone": _ranges_by_zone, "norm": _norm}
    return kinds[given["kind"]](given)


def odn_charges(given: Facts) -> Facts:
    volume = _common_volume(given)
    price = _number(given["tariff"])
    priced = common_needs(volume, price=price, resource=Resource.ELECTRICITY, unit=Unit.KWH)
    return {
        "volume": volume.printed,
        "charge": priced.total,
        "charge_if_volume_not_rounded": half_up_ratio(volume.unrounded * Fraction(price), places=2),
        "house_residual": volume.residual,
        "flag": volume.flag,
    }


def penalties(given: Facts) -> Facts:
    days = overdue_days(date.fromisoformat(given["due_date"]), date.fromisoformat(given["pay_date"]))
    return {
        "days_overdue": days.overdue,
        "days_300": days.at_300,
        "days_130": days.at_130,
        "penalty": penalty(_number(given["debt"]), days=days, rate_percent=_number(given["rate_percent"])),
    }


def water_heat(given: Facts) -> Facts:
    kinds: dict[str, Callable[[Facts], Facts]] = {
        "cold_and_sewage": _cold_and_sewage,
        "hot_two_component": _hot_two_component,
        "hot_by_house_boiler": _hot_by_house_boiler,
        "hot_drain_volume": _hot_drain_volume,
        "heat_norm": _heat_norm,
        "heat_house_meter": _heat_house_meter,
    }
    return kinds[given["kind"]](given)


def _number(given: Any) -> Decimal:
    return Decimal(str(given))


def _numbers(given: Iterable[Any]) -> list[Decimal]:
    return [_number(each) for each in given]


def _meter(given: Facts) -> Facts:
    run = [
        (register["zone"], drain_volume(previous=_number(register["prev"]), current=_number(register["curr"])))
        for register in given["zones"]
    ]
    prices = {register["zone"]: (_number(register["tariff"]),) for register in given["zones"]}
    priced = metered_electricity(run, prices)
    return {"lines": _lines(priced), "consumption": priced.quantity, "total": priced.total}


def _ranges(given: Facts) -> Facts:
    priced = metered_electricity(
        [("T", _number(given["consumption"]))],
        {"T": _numbers(given["tariffs"])},
        limits=_numbers(given["limits"]),
        months=int(given.get("months", 1)),
    )
    return {
        "parts": [line.quantity for line in priced.lines],
        "amounts": [line.amount for line in priced.lines],
        "total": priced.total,
    }


def _ranges_by_zone(given: Facts) -> Facts:
    priced = metered_electricity(
        [(zone, _number(amount)) for zone, amount in given["zones"].items()],
        {zone: _numbers(prices) for zone, prices in given["tariffs"].items()},
        limits=_numbers(given["limits"]),
        months=int(given.get("months", 1)),
    )
    return {"lines": _lines(priced), "total": priced.total}


def _lines(priced: Calculation) -> list[Facts]:
    return [_line(line) for line in priced.lines]


def _line(line: ChargeLine) -> Facts:
    return {"zone": line.zone, "range": line.range_number, "consumption": line.quantity, "amount": line.amount}


def _norm(given: Facts) -> Facts:
    use = NormUse(
        norm=_number(given["norm_per_person"]),
        people=int(given["people"]),
        increasing_coefficient=_number(given.get("increasing_coefficient", 1)),
    )
    priced = by_norm(use, price=_number(given["tariff"]), resource=Resource.ELECTRICITY, unit=Unit.KWH)
    return {
        "volume": priced.quantity,
        "base_amount": _amount(priced, ChargeKind.SUPPLY),
        "surcharge": _amount(priced, ChargeKind.SURCHARGE),
        "total": priced.total,
    }


def _amount(priced: Calculation, kind: ChargeKind) -> Decimal:
    return total_of(line.amount for line in priced.lines if line.kind is kind)


def _common_volume(given: Facts) -> CommonVolume:
    areas = Areas(
        flat=_number(given["s_flat"]), total=_number(given["s_total"]), common=_number(given.get("s_common", 0))
    )
    if given["formula"] == "15":
        return volume_by_norm(_number(given["norm"]), areas=areas)
    volumes = HouseVolumes(
        house=_number(given["v_house"]),
        nonresidential=total_of(_numbers(given["v_nonresidential"])),
        flats_by_norm=total_of(_numbers(given["v_flats_by_norm"])),
        flats_by_meter=total_of(_numbers(given["v_flats_by_meter"])),
        utility_use=_number(given["v_utility_use"]),
    )
    return volume_by_house_meter(volumes, areas=areas)


def _cold_and_sewage(given: Facts) -> Facts:
    priced = cold_and_sewage(
        cold=_number(given["cold_m3"]),
        hot=_number(given["hot_m3"]),
        cold_price=_number(given["tariff_cold"]),
        sewage_price=_number(given["tariff_sewage"]),
    )
    cold, sewage = priced.lines
    return {"cold": cold.amount, "sewage_m3": sewage.quantity, "sewage": sewage.amount, "total": priced.total}


def _hot_two_component(given: Facts) -> Facts:
    prices = HotWaterPrices(
        water=_number(given["tariff_water"]),
        heat=_number(given["tariff_gcal"]),
        gcal_per_m3=_number(given["gcal_per_m3"]),
    )
    priced = hot_water(_number(given["hot_m3"]), prices=prices)
    carrier, heat = priced.lines
    return {"carrier": carrier.amount, "gcal": heat.quantity, "heat": heat.amount, "total": priced.total}


def _hot_by_house_boiler(given: Facts) -> Facts:
    priced = hot_water_of_boiler(
        _number(given["own_m3"]),
        boiler=Boiler(heat=_number(given["heat_gcal"]), volume=_number(given["volume_m3"])),
        cold_price=_number(given["tariff_cold"]),
        heat_price=_number(given["tariff_gcal"]),
    )
    return {"per_m3": priced.lines[0].price, "amount": priced.total, "total": priced.total}


def _hot_drain_volume(given: Facts) -> Facts:
    return {"volume": drain_volume(previous=_number(given["prev"]), current=_number(given["curr"]))}


def _heat_norm(given: Facts) -> Facts:
    return _heat(
        heat_by_norm(_number(given["norm"]), flat_area=_number(given["s_flat"]), price=_number(given["tariff"]))
    )


def _heat_house_meter(given: Facts) -> Facts:
    areas = Areas(flat=_number(given["s_flat"]), total=_number(given["s_total"]))
    return _heat(heat_by_house_meter(_number(given["v_house"]), areas=areas, price=_number(given["tariff"])))


def _heat(priced: Calculation) -> Facts:
    return {"gcal": priced.lines[0].quantity, "amount": priced.total, "total": priced.total}
