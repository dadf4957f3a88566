"""What the codes of readings say to people: what happened and what to do."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from kabinet.readings.values import Loss, Lost, Mistake
from kabinet.web.shapes import CODE

_SOURCES: Final = {
    "customer": gettext_noop("передано вами"),
    "inspector": gettext_noop("снято контролёром"),
    "ami": gettext_noop("получено автоматически"),
    "initial": gettext_noop("при установке прибора"),
    "final": gettext_noop("при снятии прибора"),
    "estimate": gettext_noop("рассчитано по среднему"),
    "sent": gettext_noop("отправлено, ждёт расчёта"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PageWords:
    """What a page of sending says of its rows as a whole."""

    closed: str
    nothing: str
    kept: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveWords:
    """What a tab of the archive calls itself and its columns: the same for everybody."""

    title: str = field(metadata=CODE)
    caption: str = field(metadata=CODE)
    head: str = field(metadata=CODE)
    address: str = field(metadata=CODE)
    figure: str = field(metadata=CODE)
    nothing: str = field(metadata=CODE)
    without_contracts: str = field(metadata=CODE)


def page() -> PageWords:
    """Return the words of readings."""
    return PageWords(
        closed=_("Ошибка. Срок передачи закрыт, сохранить показания нельзя."),
        nothing=_("Ошибка. Заполните хотя бы одно показание."),
        kept=_("Показания сохранены: %(count)d. Они ещё не переданы."),
    )


def archive() -> ArchiveWords:
    """Return the words of readings in the archive."""
    return ArchiveWords(
        title=_("Архив показаний"),
        caption=_("Показания приборов учёта"),
        head=_("Номер прибора учёта"),
        address=_("Адрес установки прибора учёта"),
        figure=_("Показания прибора учёта"),
        nothing=_("За эти дни показаний нет"),
        without_contracts=_("Подключите договор, и здесь появятся его показания."),
    )


def refusal(code: Mistake, *, digits: int) -> str:
    """Say why a row did not go, and how to mend it."""
    too_many = _("На этом счётчике чёрных цифр: %(digits)d. Введите только их, без красных.") % {"digits": digits}
    words = {
        Mistake.EMPTY: _("Введите показание."),
        Mistake.NEGATIVE: _("Показание не бывает меньше нуля. Введите цифры без знака."),
        Mistake.NOT_A_NUMBER: _("Введите только цифры, как на счётчике."),
        Mistake.TOO_MANY_DIGITS: too_many,
        Mistake.DECIMALS_ENTERED: too_many,
        Mistake.TOO_MANY_DECIMALS: _("У этого прибора меньше цифр после запятой. Проверьте, сколько их на шкале."),
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
    return _(_SOURCES[code]) if code in _SOURCES else code


def loss(lost: Lost) -> str:
    """Say why a contract that was on the page takes nothing any more, and what became of what was typed."""
    match lost.why:
        case Loss.GONE:
            text = _(
                "Договор %(name)s больше не доступен вам: доступ отозван или договор удалён из кабинета; "
                "введённое по нему не отправлено."
            )
        case Loss.ROLE:
            text = _(
                "Договор %(name)s больше не доступен вам для передачи: изменилась ваша роль; введённое по нему не "
                "отправлено. Попросите Администратора договора назначить вам другую роль."
            )
        case Loss.ENDED:
            text = _(
                "Договор %(name)s больше не доступен вам для передачи: он закончился или поставщик изменил его; "
                "введённое по нему не отправлено."
            )
    return text % {"name": lost.name}
