"""What the forms say, by code."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from kabinet.accounts.values import AgreementKind, EmailProblem, FirstPasswordState, Mode, PasswordProblem

ADDRESS_LABEL: Final = _("Адрес электронной почты")
EMAIL_LABEL: Final = _("E-mail")
PASSWORD_LABEL: Final = _("Пароль")
MODE_WORDS: Final = {
    Mode.PERSON: _("Физическое лицо"),
    Mode.LEGAL: _("Юридическое лицо"),
    Mode.COMMUNAL: _("Исполнитель коммунальных услуг"),
}
EMAIL_WORDS: Final = {
    EmailProblem.EMPTY: _("Введите адрес электронной почты."),
    EmailProblem.SPACES: _("Уберите пробелы: в адресе их не бывает."),
    EmailProblem.NO_AT: _("Адрес состоит из имени, знака @ и домена: ivanov@example.ru."),
    EmailProblem.MIXED_SCRIPTS: _("В адресе смешаны русские и латинские буквы. Наберите его заново в одной раскладке."),
    EmailProblem.NAME_NOT_LATIN: _("Часть до знака @ наберите латинскими буквами: ivanov@example.ru."),
    EmailProblem.BAD_NAME: _("В части до знака @ есть лишний знак. Проверьте точки и запятые: ivanov@example.ru."),
    EmailProblem.BAD_DOMAIN: _("Проверьте часть после знака @: там нужен домен с точкой, например example.ru."),
}
PASSWORD_WORDS: Final = {
    PasswordProblem.ONLY_DIGITS: _("Пароль из одних цифр легко подобрать: добавьте буквы."),
    PasswordProblem.ONE_SIGN: _("В пароле повторяются одни и те же знаки: возьмите больше разных."),
    PasswordProblem.COMMON: _("Такой пароль есть в списках взломщиков. Составьте другой, например из трёх слов."),
    PasswordProblem.OWN_DATA: _("Пароль совпадает с вашими данными, его угадают первым. Составьте другой."),
}
CODE_REFUSED_WORDS: Final = _(
    "Код не подошёл. Он живёт 30 минут, действует один раз и выдерживает пять ошибок. "
    "Возьмите код из последнего письма или запросите новый."
)
FIRST_PASSWORD_WORDS: Final = {
    FirstPasswordState.USED: _(
        "Одноразовый пароль из письма уже использован или заменён новым. Возьмите пароль из последнего письма "
        "или нажмите «Напомнить»: на этот же адрес придёт код, с которым вы зададите свой пароль."
    ),
    FirstPasswordState.EXPIRED: _(
        "Срок одноразового пароля из письма истёк. Нажмите «Напомнить»: на этот же адрес придёт код, "
        "с которым вы зададите свой пароль."
    ),
}
BOX_WORDS: Final = {
    AgreementKind.TERMS: _("Я принимаю пользовательское соглашение"),
    AgreementKind.PERSONAL_DATA: _("Я даю согласие на обработку персональных данных"),
    AgreementKind.ADVERTISING: _("Я согласен получать рекламно-информационную рассылку"),
}
REPLACED_WORDS: Final = _("Текст изменился, пока страница была открыта: прочитайте его и поставьте отметку ещё раз.")
BOX_MISSING_WORDS: Final = {
    AgreementKind.TERMS: _(
        "Без принятия соглашения кабинетом пользоваться нельзя: прочитайте его и поставьте отметку."
    ),
    AgreementKind.PERSONAL_DATA: _(
        "Без согласия мы не вправе хранить ваши данные: прочитайте его и поставьте отметку."
    ),
}
