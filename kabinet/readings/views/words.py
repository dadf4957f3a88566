"""What the codes of readings say to people: what happened and what to do."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from kabinet.readings.values import Mistake


def refusal(code: Mistake, *, digits: int) -> str:
    """Say why a row did not go, and how to mend it."""
    too_many = _("На этом счётчике чёрных цифр: %(digits)d. Введите только их, без красных.") % {"digits": digits}
    words = {
        Mistake.EMPTY: _("Введите показание."),
        Mistake.NEGATIVE: _("Показание не бывает меньше нуля. Введите цифры без знака."),
        Mistake.NOT_A_NUMBER: _("Введите только цифры, как на счётчике."),
        Mistake.TOO_MANY_DIGITS: too_many,
        Mistake.DECIMALS_ENTERED: too_many,
        Mistake.BEYOND_PHYSICAL_LIMIT: _("Столько счётчик не мог насчитать за это время. Сверьте цифры со счётчиком."),
        Mistake.WINDOW_CLOSED: _(
            "Срок передачи закрыт. Введённое осталось в поле; передайте его, когда срок откроется."
        ),
        Mistake.PERIOD_CLOSED: _("Поставщик уже закрыл этот период. Показание пойдёт в следующий."),
        Mistake.ENTRY_CLOSED: _("По этому прибору показания сейчас не принимаются. Позвоните поставщику."),
    }
    return words.get(code, _("Этот прибор не относится к вашему договору. Обновите страницу."))


def doubt(code: Mistake) -> str:
    """Say what makes a reading doubtful; its sender may confirm it all the same."""
    words = {
        Mistake.LESS_THAN_PREVIOUS: _("Меньше предыдущего показания."),
        Mistake.VOLUME_INSTEAD_OF_READING: _("Похоже на расход за месяц, а нужно показание счётчика."),
        Mistake.DECIMALS_ENTERED: _("Похоже, введены и красные цифры после запятой."),
        Mistake.CONSUMPTION_TOO_HIGH: _("Расход намного больше обычного."),
        Mistake.ROLLOVER_SUSPECTED: _("Похоже, счётчик прошёл полный круг и начал с нуля."),
    }
    return words.get(code, _("Показание необычное."))


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
