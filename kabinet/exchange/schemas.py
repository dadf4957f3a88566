"""Refusals in words: what a billing programmer reads beside each code."""

from typing import Any, Final

from kabinet.exchange.values.wire import ErrorAnswer, Report

TEXTS: Final = {
    "act_incomplete": "У готового акта нужны number, made_on и file.",
    "already_answered": "На это показание уже дан другой ответ; второй ответ не меняет первого.",
    "bad_csv": "Таблица испорчена: проверьте кавычки и разделитель «;».",
    "bad_encoding": "Строка не читается в этой кодировке; нужна UTF-8 или windows-1251.",
    "bad_gzip": "Архив gzip испорчен или обрывается.",
    "bad_json": "Строка — не объект JSON.",
    "constraint": "База данных отвергла пакет: строки противоречат друг другу или сохранённым.",
    "does_not_add_up": "Сальдо не сходится: closing = opening + charged + recalculated + penalty - paid.",
    "duplicate_row": "Такая строка в пакете уже есть выше.",
    "empty": "Поле не может быть пустым.",
    "empty_file": "В файле нет ни одной строки данных.",
    "ends_before_start": "Окончание действия должно быть позже начала.",
    "foreign_source": "Поле source называет чужую систему; ключ выдан другой.",
    "line_too_long": "Строка длиннее 64 КБ.",
    "month_settled": "Месяц закрыт, его сальдо принято: исправление идёт перерасчётом в открытый месяц.",
    "other_entity": "В таблице одной сущности — строка другой.",
    "out_of_range": "Значение вне допустимых пределов.",
    "overlaps": "У прибора уже есть шкала этой величины и зоны на эти дни.",
    "packed_too_densely": "Архив распаковывается больше чем в 250 раз; такой файл не принимается.",
    "period_closed": "Период закрыт; открыть его снова нельзя.",
    "reason_required": "Отказ без причины не принимается: причину прочтёт абонент.",
    "reference_fixed": "Ссылку изменить нельзя: завершите эту запись и заведите новую.",
    "replaces_itself": "Прибор не может заменить сам себя.",
    "required": "Обязательное поле отсутствует.",
    "too_long": "Текст длиннее допустимого.",
    "too_many_cells": "В строке больше ячеек, чем имён в первой строке.",
    "too_many_decimals": "Слишком много знаков после запятой.",
    "too_many_digits": "Показание не помещается на шкале прибора.",
    "twice_in_header": "Имя поля в первой строке повторяется.",
    "unknown_code": "Такого значения нет в перечне.",
    "unknown_entity": "Такой сущности нет.",
    "unknown_field": "Такого поля у сущности нет.",
    "unknown_file": "Такой файл не загружен; загрузите его сначала на files/.",
    "unknown_reference": "Запись, на которую указывает поле, не найдена.",
    "unknown_request": "У этого договора нет такого запроса акта сверки.",
    "unknown_submission": "У этого договора нет такого переданного показания.",
    "unpacked_too_large": "Распакованный файл больше допустимого.",
    "version_conflict": "Эта версия уже принята с другим содержимым; увеличьте version.",
    "volume_required": "Общедомовой прибор учёта есть, а house_volume не указан.",
    "wrong_day": "Дата пишется 2026-10-08 или 08.10.2026.",
    "wrong_form": "Значение записано не в той форме.",
    "wrong_id": "Нужен идентификатор UUID.",
    "wrong_month": "Месяц пишется 2026-10.",
    "wrong_number": 'Число пишется строкой: "123.45".',
    "wrong_type": "Значение не того типа.",
}

REFUSALS: Final = {
    "bad_key": "Ключ не указан или неизвестен. Нужен заголовок Authorization: Bearer ‹ключ›.",
    "bad_request": "Запрос составлен неверно.",
    "batch_refused": "Пакет отклонён целиком, ничего не записано. Исправьте строки из перечня и пришлите его снова.",
    "busy": "Запрос столкнулся с другим. Ничего не записано; повторите его через несколько секунд.",
    "cut_short": "Файл пришёл не весь. Ничего не записано; пришлите его снова с тем же ключом.",
    "foreign_key": "Ключ выдан другим поставщиком.",
    "key_required": "Нужен заголовок Idempotency-Key: от 1 до 80 печатных знаков ASCII.",
    "key_revoked": "Ключ отозван.",
    "key_reused": "С этим Idempotency-Key уже принят другой файл. Для нового файла нужен новый ключ.",
    "length_required": "Нужен заголовок Content-Length.",
    "method_not_allowed": "Этот метод здесь не принимается.",
    "no_room": "На сервере портала закончилось место. Ничего не записано; повторите запрос позже.",
    "not_found": "Такого пакета нет.",
    "not_given": "Лента с этим номером ещё не выдавалась.",
    "pdf_only": "Принимается только PDF: Content-Type: application/pdf и байты PDF.",
    "too_large": "Файл больше допустимого.",
    "unsupported_encoding": "Content-Encoding может быть только gzip.",
    "unsupported_type": "Принимаются application/x-ndjson и text/csv; entity=‹сущность›.",
}


def report_as_json(report: Report) -> dict[str, Any]:
    """Return the report as it goes out, a sentence beside each code."""
    body = report.model_dump(mode="json")
    for problem in body["problems"]:
        problem["text"] = TEXTS[problem["code"]]
    return body


def refusal_as_json(code: str, details: dict[str, Any] | None = None) -> dict[str, Any]:
    return ErrorAnswer(code=code, message=REFUSALS[code], details=details or {}).model_dump(mode="json")
