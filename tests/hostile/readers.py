"""Everything of ours that reads what strangers write, with the refusals that each is allowed."""

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any, Final

from kabinet.accounts.rules import addresses, agents, codes, factors, first_passwords, kept, passwords
from kabinet.accounts.rules.agreements import paragraphs_of
from kabinet.accounts.values import Mode
from kabinet.billing.formats import payment_qr
from kabinet.contracts.rules import picking
from kabinet.contracts.rules.numbers import number_key
from kabinet.exchange.formats import ndjson, packing, quick, table
from kabinet.help.formats import pictures
from kabinet.help.rules import search
from kabinet.infra import archives, kinds, mail
from kabinet.kernel import digits, lookalikes, names, phones
from kabinet.kernel.identifiers.bank import check_account
from kabinet.kernel.identifiers.codes import Code, check_code
from kabinet.kernel.identifiers.inn import check_inn
from kabinet.kernel.identifiers.ogrn import check_ogrn
from kabinet.kernel.periods import Month
from kabinet.providers.formats import PolicyInvalid, PolicyUnreadable, read_policy
from kabinet.readings import forms as reading_forms
from kabinet.readings.formats import columns, edges, photos, tables
from kabinet.readings.formats.faults import BadTable
from kabinet.readings.forms import files, history, household, points
from kabinet.readings.rules import mistakes, volumes
from kabinet.readings.values import Dial, Limits, TypedDifference
from kabinet.staff.formats import price_list
from kabinet.staff.rules import masking, price_lists, reasons
from kabinet.web import languages
from kabinet.web.look import Look

THIS: Final = Month(2026, 10)
AT: Final = datetime(2026, 10, 8, 8, tzinfo=UTC)
DIAL: Final = Dial(integer_digits=5, fraction_digits=3)
SMALL: Final = packing.Limits(body=1 << 20, unpacked=1 << 21, line=1 << 12)


@dataclass(frozen=True)
class Reader:
    """A function of what somebody sent, and what it may raise."""

    name: str
    read: Callable[[Any], object]
    may_raise: tuple[type[Exception], ...] = ()

    def __call__(self, given: Any) -> None:
        try:
            self.read(given)
        except self.may_raise:
            return


def _sendable_address(text: str) -> None:
    """What the form takes for an address is one for whoever writes the letter."""
    if addresses.email_problem(text) is None:
        mail.checked(addresses.normal_email(text))


def _names(text: str) -> None:
    first, _, second = text.partition(" ")
    names.match_names(names.PersonName(first, second, text), names.PersonName(second, text, first))


def _judged(text: str) -> None:
    for previous in (None, Decimal(231), Decimal(99990)):
        mistakes.verdict(text, dial=DIAL, previous=previous, limits=Limits(Decimal(60), Decimal(2000)))


def _helper(text: str) -> None:
    volumes.difference(TypedDifference(text, text[::-1], 5), usual=Decimal(60))


def _kept(text: str) -> None:
    fields = kept.worth_keeping({text: [text, "x"], "note": [text]})
    assert fields is None or "\x00" not in repr(fields) + "".join(fields)


def _payment_code(text: str) -> None:
    payment_qr.build(dict.fromkeys(payment_qr.REQUIRED, text))


SECRET: Final = "JBSWY3DPEHPK3PXP" * 2
REFUSED_QR: Final = (payment_qr.QrRefused,)
TEXT_READERS: Final = (
    Reader("number", digits.parse_number),
    Reader("dial", lambda text: digits.pad(Decimal(len(text)), 5)),
    Reader("meter's number", digits.meter_number_key),
    Reader("account's number", partial(digits.account_pad, digits=9), (ValueError,)),
    Reader("contract's number", number_key),
    Reader("INN", check_inn),
    Reader("OGRN", check_ogrn),
    Reader("bank account", lambda text: check_account(text, bic=text[:9])),
    *(Reader(str(code), partial(check_code, code)) for code in Code),
    Reader("names", _names),
    Reader("telephone", phones.parse_phone),
    Reader("stored telephone", phones.shown_phone),
    Reader("month", Month.parse, (ValueError,)),
    Reader("lookalikes", lambda text: (lookalikes.to_cyrillic(text), lookalikes.to_latin(text))),
    Reader("address", _sendable_address),
    Reader("login", addresses.normal_login),
    *(Reader(f"login of {mode}", partial(addresses.normal_account, mode=mode, digits=9)) for mode in Mode),
    Reader("browser", agents.browser_of),
    Reader("code of a letter", codes.normal_code),
    Reader("code of a telephone", lambda text: factors.step_of(SECRET, text, at=AT, after=0)),
    Reader("spare code", factors.is_spare),
    Reader("first password", first_passwords.normal_text),
    Reader("password", lambda text: passwords.password_problem(text, min_length=8, own={"a"}, common=frozenset())),
    Reader("agreement", paragraphs_of),
    Reader("kept input", _kept),
    Reader("reading", _judged),
    Reader("volume", partial(volumes.verdict, usual=Decimal(60))),
    Reader("helper", _helper),
    Reader("picked", picking.unpack),
    Reader("ticked", lambda text: picking.ids_in([text])),
    Reader("name of a file", kinds.cleaned),
    Reader("heading of a table", columns.column_of),
    Reader("address of a receipt", household.is_email_wrong),
    Reader("policy", read_policy, (PolicyInvalid, PolicyUnreadable)),
    Reader("words of a search", lambda text: search.line_of(text, hits=search.words_of(text))),
    Reader("answer with links", search.paragraphs_of),
    Reader("reference", reasons.normal_reference),
    Reader("masked address", masking.masked_email),
    Reader("language", languages.choose),
    Reader("look", Look.parse),
    Reader("fields of a payment code", _payment_code, REFUSED_QR),
)  # fmt: skip

FORM_READERS: Final = (
    Reader("page of readings", reading_forms.typed_page),
    Reader("page of volumes", reading_forms.typed_volumes),
    Reader("page of points", lambda data: (points.typed_points(data), points.place_in(data).pairs())),
    Reader("page of a flat", household.typed_flat),
    Reader("tab of a flat", household.typed_tab),
    Reader("history", lambda data: history.history_place(data, this=THIS).address),
    Reader("ticks of a file", files.confirmed_rows),
)


def _on_disk(read: Callable[[Path], object]) -> Callable[[bytes], object]:
    def from_bytes(data: bytes) -> object:
        with tempfile.NamedTemporaryFile() as file:
            file.write(data)
            file.flush()
            return read(Path(file.name))

    return from_bytes


def _prices(path: Path) -> object:
    return price_lists.rows_of(price_list.lines_of(price_list.read(path)))


def _batch(data: bytes, *, packed: bool) -> None:
    for block in packing.blocks_of(BytesIO(data), packed=packed, limits=SMALL):
        if quick.sheets_of(block.body, first=block.first) is None:
            list(ndjson.rows_of(block.lines, first=block.first))


def _table(data: bytes, *, entity: str) -> None:
    list(table.rows_of(packing.lines_of(BytesIO(data), packed=False, limits=SMALL), entity=entity))


UNREADABLE: Final = (packing.Unreadable, packing.TooLarge)
TABLES: Final = ("contract", "charge", "reading")
BYTE_READERS: Final = (
    Reader("kind of a file", lambda data: kinds.kind_of(BytesIO(data))),
    Reader("archive", _on_disk(archives.zip_guard), (archives.BadArchive,)),
    Reader("table of readings", _on_disk(tables.read), (BadTable,)),
    Reader("table of prices", _on_disk(_prices), (BadTable,)),
    Reader("edges of a workbook", _on_disk(edges.edges)),
    Reader("photo", _on_disk(photos.made_anew), (photos.BadPhoto,)),
    Reader("picture of the manual", pictures.png_size),
    Reader("payment code", payment_qr.parse, REFUSED_QR),
    Reader("batch", partial(_batch, packed=False), UNREADABLE),
    Reader("packed batch", partial(_batch, packed=True), UNREADABLE),
    *(Reader(f"table of {name}", partial(_table, entity=name), UNREADABLE) for name in TABLES),
)
