"""The form of «Удалить аккаунт» (PROF-04)."""

from django.utils.translation import gettext_lazy as _

from kabinet.accounts.forms.fields import PageForm, PasswordField


class CloseAccountForm(PageForm):
    """The password, so that an open browser alone cannot do it."""

    password = PasswordField()

    def refuse(self) -> None:
        self.add_error("password", _("Пароль не подошёл. Если забыли его, выйдите и нажмите «Напомнить»."))
