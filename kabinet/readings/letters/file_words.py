"""What the codes of files say to people: what is wrong, where, and the mend; on the page and in the file sent back."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from kabinet.readings.values import Mistake
from kabinet.readings.values.files import Column, FileNote, FileProblem, RowFate, RowProblem


def fate(code: str) -> str:
    """Name what became of a row."""
    words = {
        RowFate.SENT: _("передано"),
        RowFate.UNCHANGED: _("без изменений"),
        RowFate.EMPTY: _("не заполнено"),
        RowFate.TO_CONFIRM: _("проверьте и подтвердите"),
        RowFate.HELD: _("ждёт других шкал прибора"),
        RowFate.REFUSED: _("не принято"),
        RowFate.WITHDRAWN: _("отозвано"),
        RowFate.RESTORED: _("отозвано, действует прежнее"),
    }
    return words[RowFate(code)]


def row_problems(codes: Iterable[str], *, digits: int, facts: str, suggestions: Sequence[str]) -> list[str]:
    """Say why a row did not go and how to mend it, a sentence for each reason."""
    said = [_sentence(code, digits=digits, facts=facts) for code in codes]
    if suggestions:
        said.append(_("Возможно, верно: %(value)s.") % {"value": ", ".join(suggestions)})
    return said


def _sentence(code: str, *, digits: int, facts: str) -> str:
    if code in set(RowProblem):
        return _of_row(RowProblem(code), facts=facts)
    return _of_value(Mistake(code), digits=digits)


def _of_row(code: RowProblem, *, facts: str) -> str:
    words = {
        RowProblem.NOT_FOUND: _(
            "Прибор учёта с таким номером не найден в этом договоре. Сверьте номер с шаблоном: нули впереди не важны."
        ),
        RowProblem.AMBIGUOUS: _(
            "Непонятно, к какой шкале относится строка. Укажите код ЭО, измеряемую величину (А+, А-, R+, R-) и шкалу."
        ),
        RowProblem.NO_SUCH_REGISTER: _(
            "У прибора учёта нет такой величины или шкалы. Возьмите их названия из свежего шаблона."
        ),
        RowProblem.DUPLICATE: _("Эта же шкала есть в другой строке: %(place)s. Оставьте одну строку.")
        % {"place": facts},
        RowProblem.FILL_IN: _("Заполните поле"),
        RowProblem.INCOMPLETE: _(
            "По прибору учёта нужны показания всех шкал. Не хватает: %(scales)s. Исправьте их и отправьте снова."
        )
        % {"scales": scales(facts)},
        RowProblem.FORMULA: _(
            "В ячейке формула. Подтвердите её значение или вставьте число: «Специальная вставка» → «Значения»."
        ),
        RowProblem.ERROR_CELL: _("В ячейке ошибка вместо числа. Введите показание цифрами."),
        RowProblem.DATE_CELL: _(
            "В ячейке дата вместо числа. Задайте ячейке числовой формат и введите показание снова."
        ),
        RowProblem.MERGED_CELL: _("Ячейка объединена с другой. Отмените объединение и введите показание."),
    }
    return words[code]


def _of_value(code: Mistake, *, digits: int) -> str:
    too_many = _("На этом счётчике чёрных цифр: %(digits)d. Введите только их, без красных.") % {"digits": digits}
    words = {
        Mistake.EMPTY: _("Заполните поле"),
        Mistake.NEGATIVE: _("Показание не бывает меньше нуля. Введите цифры без знака."),
        Mistake.NOT_A_NUMBER: _("Введите только цифры, как на счётчике."),
        Mistake.TOO_MANY_DIGITS: too_many,
        Mistake.DECIMALS_ENTERED: _("Похоже, введены и красные цифры после запятой."),
        Mistake.TOO_MANY_DECIMALS: _("У этого прибора меньше цифр после запятой. Проверьте, сколько их на шкале."),
        Mistake.BEYOND_PHYSICAL_LIMIT: _("Столько счётчик не мог насчитать за это время. Сверьте цифры со счётчиком."),
        Mistake.LESS_THAN_PREVIOUS: _("Меньше предыдущего показания."),
        Mistake.VOLUME_INSTEAD_OF_READING: _("Похоже на расход за месяц, а нужно показание счётчика."),
        Mistake.CONSUMPTION_TOO_HIGH: _("Расход намного больше обычного."),
        Mistake.ROLLOVER_SUSPECTED: _("Похоже, счётчик прошёл полный круг и начал с нуля."),
        Mistake.WINDOW_CLOSED: _("Срок передачи закрыт. Отправьте файл, когда он откроется."),
        Mistake.PERIOD_CLOSED: _("Поставщик уже закрыл этот период. Показание пойдёт в следующий."),
        Mistake.ENTRY_CLOSED: _("По этому прибору показания сейчас не принимаются: смотрите статус ЭО."),
    }
    return words.get(code) or _("Показание необычное.")


def notes(codes: Iterable[str]) -> list[str]:
    """Say what was noted of a row and hinders nothing."""
    words: dict[str, str] = {
        Mistake.FRACTION_DROPPED: _("Цифры после запятой отброшены: принимаются только целые."),
        Mistake.ZERO_CONSUMPTION: _("Расход за период нулевой."),
        Mistake.VERIFICATION_EXPIRED: _("Срок поверки прибора истёк."),
    }
    return [words[code] for code in codes if code in words]


def scales(facts: str) -> str:
    """Name registers written «A+/day, R+/single»."""
    pairs = [one.partition("/") for one in facts.split(", ") if one]
    return ", ".join(f"{quantity} {zone(name)}" for quantity, _slash, name in pairs)


def zone(code: str) -> str:
    """Name a scale of a register."""
    words = {
        "single": _("Сутки"),
        "day": _("День"),
        "night": _("Ночь"),
        "peak": _("Пик"),
        "half_peak": _("Полупик"),
    }
    return words.get(code, code)


def status(code: str) -> str:
    """Name the entry status of a supply point or meter."""
    words = {
        "awaiting": _("Ожидание"),
        "period_closed": _("Период закрыт"),
        "ami": _("Снимается АСКУЭ"),
        "out_of_service": _("Прибор выведен из эксплуатации"),
        "disconnected": _("Точка отключена"),
    }
    return words.get(code, code)


def column(code: str) -> str:
    """Head a column of the template; the reader knows these names in both languages."""
    words = {
        Column.POINT_CODE: _("Код ЭО"),
        Column.POINT_NAME: _("Наименование ЭО"),
        Column.STATUS: _("Статус ЭО"),
        Column.METER: _("Номер ПУ"),
        Column.COMPLEX: _("Наименование ИК"),
        Column.QUANTITY: _("Измеряемая величина"),
        Column.ZONE: _("Шкала"),
        Column.PREVIOUS: _("Предыдущие показания"),
        Column.CURRENT: _("Текущие показания"),
    }
    return words[Column(code)]


def file_problem(code: str, facts: Mapping[str, Any]) -> str:
    """Say why a file was refused whole, at which place, and what to do."""
    save_anew = _("Откройте файл в Excel и сохраните как «Книга Excel (.xlsx)», без пароля.")
    place = {"sheet": facts.get("sheet", ""), "row": facts.get("row", ""), "cell": facts.get("cell", "")}
    named = column(facts["column"]) if "column" in facts else ""
    words = {
        FileProblem.DAMAGED: _("Файл повреждён.") + " " + save_anew,
        FileProblem.ENCRYPTED: _("Файл закрыт паролем.") + " " + save_anew,
        FileProblem.NESTED: _("В файл вложен другой файл или архив. Уберите вложения и отправьте снова."),
        FileProblem.TOO_MANY_ENTRIES: _("Внутри файла слишком много частей. Скопируйте таблицу в новую книгу."),
        FileProblem.TOO_LARGE: _("Файл слишком большой в распакованном виде. Скопируйте таблицу в новую книгу."),
        FileProblem.PACKED_TOO_TIGHT: _("Файл устроен необычно плотно. Скопируйте таблицу в новую книгу."),
        FileProblem.BAD_NAME: _("Файл устроен необычно. Скопируйте таблицу в новую книгу."),
        FileProblem.TOO_LONG: _("Файл читается слишком долго. Скопируйте таблицу в новую книгу."),
        FileProblem.FAR_CELL: _(
            "Лист «%(sheet)s» занят до ячейки %(cell)s. Удалите лишние строки и столбцы за таблицей (Ctrl+End)."
        ),
        FileProblem.TOO_MANY_ROWS: _(
            "На листе «%(sheet)s» слишком много строк: заполнено до ячейки %(cell)s. Отправьте не больше 20 000 строк."
        ),
        FileProblem.NO_ROWS: _("На листе «%(sheet)s» под заголовками в строке %(row)s нет ни одной строки с прибором."),
        FileProblem.NO_HEADER: _(
            "Не найдены заголовки таблицы (листы: «%(sheet)s»). Нужны столбцы «Номер ПУ» и «Текущие показания»."
        ),
        FileProblem.COLUMN_MISSING: _("Лист «%(sheet)s», строка %(row)s: нет столбца «%(column)s». Добавьте его."),
        FileProblem.COLUMN_TWICE: _(
            "Лист «%(sheet)s», строка %(row)s: столбец «%(column)s» есть дважды, %(first)s и %(second)s. Оставьте один."
        ),
        FileProblem.BAD_ENCODING: _("Текст не читается. Сохраните файл в кодировке UTF-8 или windows-1251."),
        FileProblem.BAD_TABLE: _("Таблица нарушена в строке %(row)s: проверьте кавычки и разделители."),
        FileProblem.NOT_A_TABLE: _(
            "Это не таблица .xlsx и не .csv. Откройте файл в программе таблиц и сохраните как «Книга Excel (.xlsx)»."
        ),
        FileProblem.NO_ACCESS: _("Пока файл ждал, у вас не стало права передавать показания по этому договору."),
    }
    told = {**place, "column": named, "first": facts.get("first", ""), "second": facts.get("second", "")}
    return words[FileProblem(code)] % told


def file_note(code: str, sheet: str) -> str:
    """Say what was noticed in a file and hinders nothing."""
    words = {
        FileNote.HIDDEN_SHEET: _("Скрытый лист «%(sheet)s» не читался."),
        FileNote.OTHER_SHEET: _("Лист «%(sheet)s» пропущен: на нём нет столбцов «Номер ПУ» и «Текущие показания»."),
        FileNote.MACROS: _("В файле есть макросы. Они не выполнялись."),
        FileNote.EXTERNAL_LINKS: _("В файле есть ссылки на другие книги. Они не открывались, взяты сохранённые числа."),
        FileNote.OTHER_CONTRACT: _("Шаблон выгружен для другого договора. Строки искались в выбранном."),
    }
    return words[FileNote(code)] % {"sheet": sheet}
