"""A household with a month that says everything, and its slip as a picture."""

from datetime import date
from decimal import Decimal
from typing import Any

import pypdfium2
import zxingcpp

from kabinet.billing.formats import payment_qr
from kabinet.contracts.models import Contract
from kabinet.providers.models import Provider
from tests import world
from tests.billing import money

BANK = {
    "name": "Демонстрационный банк, г. Ижевск",
    "bic": "049401999",
    "account": "40702810300000000018",
    "correspondent": "30101810000000000999",
}
_POINTS_IN_MM = 72 / 25.4


def household(of: Provider) -> Contract:
    """Settle a household whose September has three resources, two zones, a correction and a penalty."""
    of.bank_details = BANK
    of.save(update_fields=["bank_details"])
    account = world.household(of)
    meters = [world.electricity(account, "04580", "02201"), world.hot_water(account)]
    for meter, values in zip(meters, (("4480", "2175"), ("30",)), strict=True):
        for register, value in zip(meter.registers.order_by("external_id"), values, strict=True):
            world.accepted(register, value, month="2026-08", taken_on=date(2026, 8, 20))
    charge(account, "280.00", zone="day", quantity="100", price="2.80")
    charge(account, "40.04", zone="night", quantity="26", price="1.54")
    charge(account, "73.65", kind="common_needs", basis="", quantity="30.31", price="2.43")
    charge(account, "-12.30", kind="recalculation", basis="", unit="")
    charge(account, "1.15", kind="penalty", basis="", unit="")
    money.balance(account, opening="500.00", charged="393.69", recalculated="-12.30", penalty="1.15", paid="450.00")
    charge(account, "237.12", resource="hot_water", unit="m3", quantity="6", price="39.52")
    charge(account, "857.65", resource="hot_water", unit="gcal", quantity="0.3546", price="2418.64")
    money.balance(account, resource="hot_water", charged="1094.77")
    charge(account, "1796.59", resource="heat", basis="norm", unit="gcal", quantity="0.7428", price="2418.64")
    money.balance(account, resource="heat", opening="-100.00", charged="1796.59")
    return account


# What the three resources leave at the end of September, by hand: 432.54 + 1094.77 + 1696.59.
TO_PAY = Decimal("3223.90")


def charge(of: Contract, amount: str, *, resource: str = "electricity", **facts: str) -> None:
    told: dict[str, Any] = {"unit": "kwh"} | facts
    told |= {name: Decimal(facts[name]) for name in ("quantity", "price") if name in facts}
    money.charge(of, amount, resource=resource, **told)


def pages(pdf: bytes) -> list[str]:
    """Return the text of each page."""
    return [page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(pdf)]


def codes(pdf: bytes) -> list[tuple[dict[str, str], str, Decimal]]:
    """Read the codes of the first page from its picture: what each says, its level, and its side in millimetres."""
    scale = 300 / 72
    picture = pypdfium2.PdfDocument(pdf)[0].render(scale=scale).to_pil()
    found = zxingcpp.read_barcodes(picture)
    return [(dict(payment_qr.parse(one.bytes).fields), one.ec_level, _side(one, scale)) for one in found]


def _side(code: zxingcpp.Barcode, scale: float) -> Decimal:
    pixels = code.position.top_right.x - code.position.top_left.x
    return Decimal(str(pixels / scale / _POINTS_IN_MM))
