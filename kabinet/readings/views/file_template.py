"""The template of a contract, in the words of the page's language."""

from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from kabinet.contracts.models import Contract
from kabinet.contracts.values import Viewer
from kabinet.providers.selectors import OpenProvider
from kabinet.readings.formats import template
from kabinet.readings.letters import file_words
from kabinet.readings.selectors.registers import TemplateLine, template_lines
from kabinet.readings.values.files import Column, Template, TemplateRow


def template_of(viewer: Viewer, contract: Contract, provider: OpenProvider, *, today: date) -> bytes:
    """Return the workbook with a row for each register that the viewer may send."""
    month, lines = template_lines(viewer, contract, provider, today=today)
    return template.write(
        Template(
            contract_id=contract.pk,
            month=month,
            sheet=_("Показания"),
            headers=tuple(file_words.column(column) for column in Column),
            hint=_("Введите показание прибора, с цифрами после запятой, если они есть. Нули впереди можно не вводить."),
            refusal=_("Нужно число не больше шкалы прибора."),
            rows=tuple(_row(line) for line in lines),
        )
    )


def _row(line: TemplateLine) -> TemplateRow:
    card, stand = line.card, line.stand
    status = card.point_status if card.point_status != "awaiting" else card.meter_status
    return TemplateRow(
        cells=(
            card.point_code,
            card.point_name,
            file_words.status(status),
            card.meter_number,
            card.complex_name,
            card.quantity,
            file_words.zone(card.zone),
        ),
        integer_digits=card.integer_digits,
        previous=stand.accepted.value if stand.accepted else None,
        current=_whole(stand.sent_value),
        is_live=status == "awaiting",
        fraction_digits=card.fraction_digits if card.takes_fraction else 0,
    )


def _whole(value: Decimal | None) -> Decimal | None:
    return None if value is None else value.normalize()
