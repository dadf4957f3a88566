"""What «Показания» says of supply points, meters and registers."""

from datetime import date
from typing import Final

from django.utils.translation import gettext as _

from kabinet.contracts.models import Register
from kabinet.contracts.values import Quantity, Zone
from kabinet.readings.letters import file_words
from kabinet.readings.rules import verification as rules
from kabinet.readings.rules.verification import Notice
from kabinet.readings.values import Dial, Mistake
from kabinet.readings.values.points import PointStand
from kabinet.readings.views import words
from kabinet.readings.views.blocks import day_words

REACTIVE: Final = frozenset({Quantity.REACTIVE_IMPORT, Quantity.REACTIVE_EXPORT})


def register(row: Register) -> str:
    """Name a register: «A+, день»; the only zone of a quantity goes without saying."""
    quantity = _("Объём") if row.quantity == Quantity.VOLUME else row.quantity
    return quantity if row.zone == Zone.SINGLE else f"{quantity}, {file_words.zone(row.zone).lower()}"


def unit(quantity: str) -> str:
    if quantity == Quantity.VOLUME:
        return _("м³")
    return _("квар·ч") if quantity in REACTIVE else _("кВт·ч")


def state(code: str) -> str:
    """Name the state of what was sent, as the page does."""
    told = {
        "sent": _("отправлено"),
        "passed": _("передано в расчёт"),
        "taken": _("принято"),
        "refused": _("отклонено"),
        "superseded": _("заменено исправлением"),
        "withdrawn": _("отозвано"),
    }
    return told.get(code, code)


def progress(stand: PointStand) -> str:
    """Say how many of the meters went; where none may be sent there is nothing to say."""
    if not stand.live:
        return ""
    return _("Передано приборов: %(gone)d из %(live)d") % {"gone": stand.gone, "live": stand.live}


def verification(due: date | None, *, today: date) -> str:
    """Warn of a verification that comes or is over; far from it nothing is said."""
    notice = rules.notice_of(due, today=today)
    if due is None or notice is Notice.NONE:
        return ""
    if notice is Notice.EXPIRED:
        return _("Срок поверки истёк %(day)s") % {"day": day_words(due)}
    left = (due - today).days
    return _("Поверка до %(day)s, осталось дней: %(left)d") % {"day": day_words(due), "left": left}


def verification_left(due: date | None, *, today: date) -> str:
    """Say how near a verification is where its day stands beside."""
    if due is None:
        return ""
    left = (due - today).days
    return _("Срок поверки истёк") if left <= 0 else _("Осталось дней: %(left)d") % {"left": left}


def refusal(code: Mistake, *, dial: Dial) -> str:
    """Say why a register did not go, and how to mend it."""
    told = {
        Mistake.FILL_IN: _("Заполните поле"),
        Mistake.INCOMPLETE: _("Не отправлено: по прибору нужны показания всех шкал. Заполните остальные поля прибора."),
        Mistake.NOT_A_NUMBER: _("Введите только цифры, как на приборе."),
        Mistake.TOO_MANY_DIGITS: _("На шкале прибора цифр до запятой: %(digits)d. Проверьте введённое.")
        % {"digits": dial.integer_digits},
        Mistake.TOO_MANY_DECIMALS: _("На шкале прибора цифр после запятой: %(digits)d. Проверьте введённое.")
        % {"digits": dial.fraction_digits},
        Mistake.DECIMALS_ENTERED: _("Похоже, пропущена запятая."),
        Mistake.PERIOD_CLOSED: _(
            "Пока вы вводили, поставщик закрыл период: введённое не отправлено. Поля уже показывают следующий период."
        ),
        Mistake.ENTRY_CLOSED: _("По этому прибору показания сейчас не принимаются, причина указана в его статусе."),
    }
    return told.get(code) or words.refusal(code, digits=dial.integer_digits)


def doubt(code: Mistake) -> str:
    """Say what makes a reading doubtful; its sender may confirm it all the same."""
    told = {
        Mistake.DECIMALS_ENTERED: _("Похоже, пропущена запятая."),
        Mistake.SENT_MEANWHILE: _("Пока вы вводили, коллега передал другое показание."),
    }
    return told.get(code) or words.doubt(code)
