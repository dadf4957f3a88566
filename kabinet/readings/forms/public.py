"""«Передать показания» without signing in: which account, and that somebody is no robot (READ-18)."""

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from kabinet.accounts.forms.fields import AddressField, CodeField, PageForm
from kabinet.contracts.forms.claims import AccountNumber, MeterNumber
from kabinet.contracts.rules.numbers import number_key
from kabinet.kernel.digits import meter_number_key


class PublicForm(PageForm):
    """An account and one of its meters; address and code are asked where no script could do the work."""

    account = AccountNumber()
    meter = MeterNumber()
    email = AddressField(help_text=_("На него придёт код. Адрес мы не сохраняем."))
    code = CodeField()

    def __init__(self, data: QueryDict | None = None, *, digits: int) -> None:
        super().__init__(data)
        account = self.fields["account"]
        if isinstance(account, AccountNumber):
            account.digits = digits
        self.needs_code = False
        # The code and its address belong to their own buttons.
        self.fields["email"].required = self._asks_for_code
        self.fields["code"].required = False

    @property
    def _asks_for_code(self) -> bool:
        return self.is_bound and "ask_code" in self.data

    def full_clean(self) -> None:
        """Look at the address alone where a code is asked for, and at a code only where one was sent."""
        every = self.fields
        left = {"email"} if self._asks_for_code else {"account", "meter"} | ({"code"} if self.has_code else set())
        self.fields = {name: field for name, field in every.items() if name in left}
        try:
            super().full_clean()
        finally:
            self.fields = every

    @property
    def has_code(self) -> bool:
        return self.is_bound and bool(self.data.get("seal"))

    def clean_account(self) -> str:
        """Show the number with its zeros wherever the form is shown again."""
        number: str = self.cleaned_data["account"]
        if isinstance(self.data, QueryDict):
            self.data = {**self.data.dict(), "account": number}
        return number

    def keys(self) -> tuple[str, str]:
        return number_key(self.cleaned_data["account"]), meter_number_key(self.cleaned_data["meter"])

    def refuse(self) -> None:
        """Say the same of an unknown account and of another meter."""
        self.add_error(None, _(
            "Счёт с таким номером не найден, либо счётчик не от него. Сверьте оба номера с квитанцией. Если всё верно, "
            "войдите в кабинет или напишите нам через «Обратную связь»."
        ))  # fmt: skip

    def ask_for_proof(self) -> None:
        """Say how to go on where the browser's work is missing, late or was used for another try."""
        self.needs_code = True
        self.add_error(None, _(
            "Не удалось проверить, что вы не робот. Нажмите «Продолжить» ещё раз. Если скрипты в браузере выключены, "
            "получите код по почте."
        ))  # fmt: skip

    def refuse_code(self) -> None:
        self.needs_code = True
        self.add_error("code", _("Код не подошёл. Возьмите код из последнего письма или запросите новый."))
