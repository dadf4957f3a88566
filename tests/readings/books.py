"""Workbooks and tables as customers have them, made by code."""

import io
import zipfile
from datetime import date
from decimal import Decimal
from itertools import count

import xlsxwriter

from kabinet.contracts.models import Meter, Register, SupplyPoint
from tests import world

HEADERS = (
    "Код ЭО", "Наименование ЭО", "Статус ЭО", "Номер ПУ", "Наименование ИК", "Измеряемая величина", "Шкала",
    "Предыдущие показания", "Текущие показания",
)  # fmt: skip
B_POLICY = {
    "sections": ["link_contract", "readings", "point_readings", "contracts"],
    "window": {"type": "until_closed"},
    "roles_shown": True,
}
_numbers = count(1)


def row(meter, value="", *, code="0000101", quantity="A+", zone="Сутки", previous="1000"):
    return [code, "Насосная", "Ожидание", meter, "ИК-1", quantity, zone, previous, value]


def book(rows, *, headers=HEADERS, above=(), sheet="Показания", prepare=None):
    """Return an .xlsx of one sheet; `prepare(workbook, sheet)` may add what a hostile one has."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as workbook:
        written = workbook.add_worksheet(sheet)
        for number, cells in enumerate([*above, headers, *rows]):
            written.write_row(number, 0, cells)
        if prepare:
            prepare(workbook, written)
    return out.getvalue()


def edited(data, **replaced):
    """Return the archive with files replaced or added: names by keyword, `/` written as `__`."""
    out = io.BytesIO()
    new = {name.replace("__", "/").replace("_dot_", "."): body for name, body in replaced.items()}
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in old.namelist():
            archive.writestr(name, new.pop(name, None) or old.read(name))
        for name, body in new.items():
            archive.writestr(name, body)
    return out.getvalue()


def sheet_xml(rows):
    head = (
        '<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    )
    return f"{head}{rows}</sheetData></worksheet>".encode()


def power_meter(of, number, registers=(("A+", "single"),), *, code=None, showed="1000", digits=6, **changed):
    """Give the contract an electricity meter at a point of its own, each register with an accepted reading."""
    place = next(_numbers)
    names = {"provider": of.provider, "contract": of, "source": "billing", "version": 1, "valid_from": world.LONG_AGO}
    point = SupplyPoint.objects.create(
        external_id=f"bp{place}", code=code or f"{place:07d}", name=f"Насосная {place}", address=f"ул. Мира, {place}",
        **names,
    )  # fmt: skip
    facts = {"external_id": f"bm{place}", "number": number, "resource": "electricity", "complex_name": f"ИК-{place}"}
    meter = Meter.objects.create(point=point, **(names | facts | changed))
    for tariff, (quantity, zone) in enumerate(registers, start=1):
        register = Register.objects.create(
            meter=meter, external_id=f"br{place}-{tariff}", quantity=quantity, zone=zone, tariff_number=tariff,
            integer_digits=digits, fraction_digits=2, physical_limit_per_day=Decimal(5000), **names,
        )  # fmt: skip
        if showed:
            world.accepted(register, showed, month="2026-09", taken_on=date(2026, 9, 30))
    return meter
