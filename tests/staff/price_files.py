"""Files of prices as an office has them."""

from io import BytesIO

import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile

HEAD = ("Что задаётся", "Ресурс", "Единица", "Тип дома", "Населённый пункт", "Тарифов у счётчика", "Зона", "Диапазон",
        "До, в месяц", "Комнат", "Человек", "Значение", "Действует с", "Действует по")  # fmt: skip


def line(value="4,86", since="01.07.2026", until="", **changed):
    """Give a row of the table: an electricity price of a gas stove in a town, save what is changed."""
    facts = {
        "what": "тариф", "resource": "электроэнергия", "unit": "", "house": "газовые плиты", "settlement": "город",
        "zones": "1", "zone": "сутки", "range": "1", "end": "", "rooms": "", "people": "",
    }  # fmt: skip
    return [*(facts | changed).values(), value, since, until]


def csv_file(*rows, head=HEAD, name="тарифы.csv", encoding="utf-8"):
    text = "\r\n".join(";".join(row) for row in (head, *rows))
    return SimpleUploadedFile(name, text.encode(encoding), content_type="text/csv")


def workbook(*rows, head=HEAD, name="тарифы.xlsx"):
    """Write numbers as numbers, as people's spreadsheets do."""
    out = BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate((head, *rows), start=2):
            for place, cell in enumerate(row, start=1):
                sheet.write(number, place, cell)
    return SimpleUploadedFile(name, out.getvalue())
