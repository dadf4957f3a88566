"""What the codes of readings say to people: what happened and what to do."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from kabinet.readings.values import Mistake


def refusal(code: Mistake, *, digits: int) -> str:
    """Say why a row did not go, and how to mend it."""
    match code:
        case Mistake.EMPTY:
            return _("Введите показание.")
        case Mistake.NEGATIVE:
            return _("Показание не бывает меньше нуля. Введите цифры без знака.")
        case Mistake.NOT_A_NUMBER:
            return _("Введите только цифры, как на счётчике.")
        case Mistake.TOO_MANY_DIGITS | Mistake.DECIMALS_ENTERED:
            return _("На этом счётчике чёрных цифр: %(digits)d. Введите только их, без красных.") % {"digits": digits}
        case Mistake.BEYOND_PHYSICAL_LIMIT:
            return _("Столько счётчик не мог насчитать за это время. Сверьте цифры со счётчиком.")
        case Mistake.WINDOW_CLOSED:
            return _("Срок передачи закрыт. Введённое осталось в поле; передайте его, когда срок откроется.")
        case Mistake.PERIOD_CLOSED:
            return _("Поставщик уже закрыл этот период. Показание пойдёт в следующий.")
        case Mistake.ENTRY_CLOSED:
            return _("По этому прибору показания сейчас не принимаются. Позвоните поставщику.")
        case _:
            return _("Этот прибор не относится к вашему договору. Обновите страницу.")


def doubt(code: Mistake) -> str:
    """Say what makes a reading doubtful; its sender may confirm it all the same."""
    match code:
        case Mistake.LESS_THAN_PREVIOUS:
            return _("Меньше предыдущего показания.")
        case Mistake.VOLUME_INSTEAD_OF_READING:
            return _("Похоже на расход за месяц, а нужно показание счётчика.")
        case Mistake.DECIMALS_ENTERED:
            return _("Похоже, введены и красные цифры после запятой.")
        case Mistake.CONSUMPTION_TOO_HIGH:
            return _("Расход намного больше обычного.")
        case Mistake.ROLLOVER_SUSPECTED:
            return _("Похоже, счётчик прошёл полный круг и начал с нуля.")
        case _:
            return _("Показание необычное.")


def notes(codes: Iterable[Mistake]) -> tuple[str, ...]:
    """Say what was noted and hinders nothing."""
    words = {
        Mistake.FRACTION_DROPPED: _("Цифры после запятой отброшены: принимаются только целые."),
        Mistake.ZERO_CONSUMPTION: _("Расход за период нулевой."),
        Mistake.VERIFICATION_EXPIRED: _(
            "Срок поверки прибора истёк: показание можно передать, но расчёт по нему возможен только после поверки."
        ),
    }
    return tuple(words[code] for code in codes if code in words)


def source(code: str) -> str:
    """Name where a reading came from."""
    words = {
        "customer": _("передано вами"),
        "inspector": _("снято контролёром"),
        "ami": _("получено автоматически"),
        "initial": _("при установке прибора"),
        "final": _("при снятии прибора"),
        "estimate": _("рассчитано по среднему"),
        "sent": _("отправлено, ждёт расчёта"),
    }
    return words.get(code, code)
