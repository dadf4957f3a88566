"""The fields of a flat's page and of its check screen, which carries them on (READ-07, READ-08).

`value-<register>` is what was typed, `claim-<meter>-<zone>` what stands in a field that billing knows no register of,
`tariff-<meter>-<zone>` the number beside a field, `type-<meter>` how many tariffs the meter has, `agree-<meter>` that
it is so indeed, `confirm-<register>`, `comment-<register>` and `photo-<register>` what is said of a doubtful reading.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from kabinet.contracts.values import Zone
from kabinet.providers.values import Resource
from kabinet.readings.forms import LONGEST, LONGEST_KEY, by_id, id_in, text_in
from kabinet.readings.rules.tariff_numbers import FIELDS, NUMBERS
from kabinet.readings.values import Mistake
from kabinet.readings.values.household import Press, Spot, TypedFlat

LONGEST_COMMENT: Final = 500
LONGEST_EMAIL: Final = 254


def is_email_wrong(email: str | None) -> bool:
    """Say whether something that is no address stands in the field of the receipt."""
    if not email:
        return False
    try:
        forms.EmailField(max_length=LONGEST_EMAIL).clean(email)
    except ValidationError:
        return True
    return False


def typed_flat(data: QueryDict) -> TypedFlat:
    """Read the posted page; «Взять …» and «Исправить …» put their values in and show the check screen."""
    typed = TypedFlat(
        press=_press(data),
        key=data.get("key", "")[:LONGEST_KEY],
        tab=_tab(data.get("tab") or data.get("shown") or ""),
        values={row: raw.strip()[:LONGEST] for row, raw in by_id(data, "value-").items()},
        claims={spot: raw.strip()[:LONGEST] for spot, raw in _by_spot(data, "claim-").items()},
        numbers={spot: _number(text) for spot, text in _by_spot(data, "tariff-").items()},
        types={meter: number for meter, text in by_id(data, "type-").items() if (number := _number(text))},
        agreed=frozenset(by_id(data, "agree-")),
        confirmed={row: _mistakes(data.getlist(f"confirm-{row}")) for row in by_id(data, "confirm-")},
        comments={row: text.strip()[:LONGEST_COMMENT] for row, text in by_id(data, "comment-").items()},
        email=data.get("email", "").strip()[: LONGEST_EMAIL + 1] if "email" in data else None,
    )
    return _with_choice(_with_taken(typed, data.get("take", "")), data)


def typed_tab(data: QueryDict) -> TypedFlat:
    """Read which tab an address asks for."""
    return TypedFlat(tab=_tab(data.get("tab", "")))


def _press(data: QueryDict) -> Press:
    if "send" in data:
        return Press.SEND
    return Press.CHECK if data.keys() & {"check", "take", "mend"} else Press.SHOW


def _with_taken(typed: TypedFlat, offers: str) -> TypedFlat:
    """Put offered values into their fields: `<register>=<value>`, several by commas; they are asked about anew."""
    pairs = (offer.partition("=") for offer in offers.split(",") if offer)
    taken = {row: value[:LONGEST] for text, _, value in pairs if (row := id_in(text))}
    kept = {row: codes for row, codes in typed.confirmed.items() if row not in taken}
    return replace(typed, values={**typed.values, **taken}, confirmed=kept)


def _with_choice(typed: TypedFlat, data: QueryDict) -> TypedFlat:
    """Let a meter have another type (`choose`), or its numbers be billing's again (`mend`)."""
    meter_text, _, number = data.get("choose", "").partition(":")
    meter, chosen = id_in(meter_text), _number(number)
    if meter and chosen:
        typed = replace(typed, types={**typed.types, meter: chosen}, agreed=typed.agreed - {meter})
    mended = id_in(data.get("mend", ""))
    if mended is None:
        return typed
    numbers = {spot: chosen for spot, chosen in typed.numbers.items() if spot[0] != mended}
    return replace(typed, numbers=numbers, agreed=typed.agreed - {mended})


def _by_spot(data: QueryDict, prefix: str) -> dict[Spot, str]:
    found = {}
    for name in data:
        meter, _, zone = name.removeprefix(prefix).rpartition("-")
        id_ = id_in(meter) if name.startswith(prefix) else None
        if id_ and zone in FIELDS[3]:
            found[id_, Zone(zone)] = text_in(data, name)
    return found


def _number(text: str) -> int | None:
    return int(text) if text in {str(number) for number in NUMBERS} else None


def _tab(text: str) -> Resource | None:
    return Resource(text) if text in {Resource.ELECTRICITY, Resource.HOT_WATER} else None


def _mistakes(codes: Iterable[str]) -> frozenset[Mistake]:
    return frozenset(Mistake(code) for code in codes if code in set(Mistake))
