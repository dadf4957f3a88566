"""The filter of «Вопрос-ответ» (HELP-01)."""

from typing import Any, cast

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from kabinet.help.models import HelpGroup
from kabinet.help.values import Search


class GroupField(forms.ModelChoiceField):  # type: ignore[type-arg]  # generic in the stubs alone
    """A choice of groups by their names."""

    def label_from_instance(self, obj: HelpGroup) -> str:
        return obj.name


class SearchForm(forms.Form):
    """What to look for; a filter that makes no sense is none."""

    phrase = forms.CharField(
        label=_("Поисковая фраза"),
        max_length=200,
        required=False,
        widget=forms.TextInput({"type": "search", "autocomplete": "off", "enterkeyhint": "search"}),
    )
    group = GroupField(
        label=_("Группа вопросов"), queryset=HelpGroup.objects.none(), required=False, empty_label=_("Все группы")
    )

    def __init__(self, *args: Any, groups: QuerySet[HelpGroup], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast("GroupField", self.fields["group"]).queryset = groups

    def value(self) -> Search:
        self.is_valid()
        group = self.cleaned_data.get("group")
        return Search(phrase=self.cleaned_data.get("phrase", ""), group_id=group.pk if group else None)
