"""What the codes of volumes say to people."""

from django.utils.translation import gettext as _

from kabinet.readings.values import Mistake
from kabinet.readings.views.words import ArchiveWords, PageWords


def page() -> PageWords:
    """Return the words of volumes."""
    return PageWords(
        closed=_("Ошибка. Срок передачи закрыт, сохранить значения нельзя."),
        nothing=_("Ошибка. Заполните хотя бы один объём."),
        kept=_("Значения сохранены: %(count)d. Они ещё не переданы."),
    )


def archive() -> ArchiveWords:
    """Return the words of volumes in the archive."""
    return ArchiveWords(
        title=_("Объёмы по стокам ГВС"),
        caption=_("Объёмы по стокам ГВС"),
        head=_("Отчётный период"),
        address=_("Адрес установки прибора учета"),
        figure=_("Объём"),
        nothing=_("За эти дни объёмов нет"),
        without_contracts=_("Подключите договор, и здесь появятся его объёмы."),
    )


def refusal(code: Mistake) -> str:
    """Say why a volume did not go, and how to mend it."""
    words = {
        Mistake.EMPTY: _("Введите объём."),
        Mistake.NEGATIVE: _("Объём не бывает меньше нуля. Введите число без знака."),
        Mistake.NOT_A_NUMBER: _("Введите число: цифры и, если нужно, дробь через запятую или точку."),
        Mistake.TOO_MANY_DECIMALS: _("После запятой не больше трёх цифр."),
        Mistake.TOO_MANY_DIGITS: _("Слишком большое число. Проверьте, не пропущена ли запятая."),
        Mistake.WINDOW_CLOSED: _(
            "Срок передачи закрыт. Введённое осталось в поле; передайте его, когда срок откроется."
        ),
        Mistake.PERIOD_CLOSED: _("Поставщик уже закрыл этот период. Объём пойдёт в следующий."),
        Mistake.ENTRY_CLOSED: _("По этому адресу объёмы сейчас не принимаются. Позвоните поставщику."),
    }
    return words.get(code) or _("Этот адрес не относится к вашему договору. Обновите страницу.")


def doubt() -> str:
    """Say what makes a volume doubtful; there is one such thing."""
    return _("Объём намного больше обычного.")


def note(code: Mistake) -> str:
    """Say what was noted and hinders nothing."""
    return _("Объём нулевой.") if code is Mistake.ZERO_CONSUMPTION else ""


def helper_problem(code: Mistake, *, digits: int) -> str:
    """Say why the helper could not subtract."""
    match code:
        case Mistake.EMPTY:
            return _("Введите оба показания: предыдущее и текущее.")
        case Mistake.LESS_THAN_PREVIOUS:
            return _("Текущее показание меньше предыдущего. Проверьте оба.")
        case Mistake.TOO_MANY_DIGITS:
            return _("На этом счётчике чёрных цифр: %(digits)d. Проверьте оба показания.") % {"digits": digits}
        case _:
            return refusal(code)
