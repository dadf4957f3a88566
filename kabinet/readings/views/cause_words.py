"""What explanations of doubtful readings say to people: what likely happened and what to do (READ-09)."""

from django.utils.translation import gettext as _

from kabinet.readings.values import Mistake
from kabinet.readings.values.causes import Cause
from kabinet.readings.values.household import ClaimKind, GroupProblem, PhotoProblem


def cause(code: Cause) -> str:
    """Say what likely happened."""
    words = {
        Cause.FRACTION_TYPED: _("Похоже, введены и цифры после запятой. Передаются только целые."),
        Cause.ZERO_LOST: _("Похоже, потерян ноль впереди и введена цифра после запятой."),
        Cause.VOLUME_TYPED: _("Похоже на расход за месяц. Нужно показание: все цифры со счётчика."),
        Cause.DIGITS_SWAPPED: _("Похоже, две соседние цифры поменялись местами."),
        Cause.ZONES_SWAPPED: _("Похоже, показания тарифов перепутаны местами."),
        Cause.METERS_SWAPPED: _("Похоже, перепутаны счётчики: эти показания подходят друг другу наоборот."),
        Cause.ROLLED_OVER: _("Похоже, счётчик прошёл полный круг и начал с нуля. Если так — подтвердите."),
        Cause.PREVIOUS_DOUBTFUL: _("Возможно, неверно предыдущее показание. Сверьте со счётчиком и подтвердите своё."),
        Cause.TRULY_HIGH: _("Возможно, расход и правда такой. Сверьте со счётчиком и подтвердите."),
    }
    return words[code]


def doubt(code: Mistake) -> str:
    """Say what is unusual, before what may lie behind it."""
    words = {
        Mistake.LESS_THAN_PREVIOUS: _("Показание меньше предыдущего."),
        Mistake.VOLUME_INSTEAD_OF_READING: _("Показание меньше предыдущего."),
        Mistake.ROLLOVER_SUSPECTED: _("Показание меньше предыдущего."),
        Mistake.DECIMALS_ENTERED: _("Расход намного больше вашего обычного."),
        Mistake.CONSUMPTION_TOO_HIGH: _("Расход намного больше вашего обычного."),
    }
    return words.get(code, _("Показание необычное."))


def group_problem(code: GroupProblem) -> str:
    match code:
        case GroupProblem.INCOMPLETE:
            return _("Заполните все поля этого счётчика: по одному тарифу показания не принимаются.")
        case GroupProblem.NO_TARIFF:
            return _("Укажите номер тарифа у каждого поля: без него показания к расчёту не примут.")
        case GroupProblem.SAME_TARIFFS:
            return _("Номера тарифов повторяются. У каждого поля свой номер: Т1, Т2 или Т3.")


def question(code: ClaimKind) -> str:
    """Ask about what is otherwise than billing has it."""
    if code is ClaimKind.METER_TYPE:
        return _("У поставщика этот счётчик записан с другим числом тарифов.")
    return _("У поставщика номера тарифов этого счётчика записаны иначе.")


def photo_problem(code: PhotoProblem) -> str:
    match code:
        case PhotoProblem.TOO_LARGE:
            return _("Фото больше 8 МБ. Введённое сохранено; выберите фото поменьше или отправьте без него.")
        case PhotoProblem.NO_PICTURE:
            return _("Это не фото: подойдёт JPEG или PNG. Введённое сохранено; выберите другой файл.")
        case PhotoProblem.TOO_MANY_PIXELS:
            return _("Фото слишком велико по размеру кадра. Введённое сохранено; сфотографируйте экран поменьше.")
