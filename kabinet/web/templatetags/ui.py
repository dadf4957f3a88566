"""Tags of the components."""

from typing import Any

from django import template
from django.forms import BoundField, CheckboxInput, FileInput, PasswordInput, RadioSelect, Select
from django.forms.boundfield import BoundWidget
from django.forms.widgets import CheckboxSelectMultiple
from django.templatetags.static import static
from django.urls import get_script_prefix
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag
def icon(name: str, css: str = "") -> SafeString:
    """Draw a mark of static/web/icons.svg; it is decoration, the word stands beside it."""
    return format_html(
        '<svg class="icon{}" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        f" {css}" if css else "",
        static("web/icons.svg"),
        name,
    )


@register.simple_tag
def picture_url(name: str) -> str:
    """Return the address of a picture; empty where it came after the files were collected: no page falls for it."""
    try:
        return static(name)
    except ValueError:
        return ""


@register.simple_tag
def home_url() -> str:
    """Return the address of this provider's first page."""
    return get_script_prefix()


@register.simple_tag
def widget(field: BoundField) -> SafeString:
    """Draw a form field's input with the class that its kind needs; what the form set itself is kept."""
    own = field.field.widget.attrs.get("class", "")
    return field.as_widget(attrs={"class": f"{_widget_class(field)} {own}".strip()})


@register.simple_tag
def choice_widget(choice: BoundWidget) -> SafeString:
    """Draw one button of a group of choices."""
    choice.data["attrs"]["class"] = "form-check-input"
    return SafeString(choice.tag())


@register.simple_tag
def mode_widget(choice: BoundWidget) -> SafeString:
    """Draw one button of a switch whose choice shows and hides what follows it (accounts/_modes.html)."""
    choice.data["attrs"]["class"] = f"form-check-input modes__button modes__button--{choice.data['value']}"
    return SafeString(choice.tag())


@register.filter
def kind(field: BoundField) -> str:
    """Say how a field is laid out: `check`, `group`, `password` or `line`."""
    match field.field.widget:
        case RadioSelect() | CheckboxSelectMultiple():
            return "group"
        case CheckboxInput():
            return "check"
        case PasswordInput():
            return "password"
        case _:
            return "line"


@register.filter
def tone_of(level: str) -> str:
    """Return the tone of a message by its level: Django says `error` and `debug` where we have four tones."""
    return {"error": "danger", "danger": "danger", "success": "success", "warning": "warning"}.get(level, "info")


@register.filter
def phone_link(phone: str) -> str:
    """Return a phone number as `tel:` takes it."""
    return "".join(sign for sign in phone if sign.isdigit() or sign == "+")


@register.simple_tag(takes_context=True)
def page_url(context: dict[str, Any], page: int) -> str:
    """Return this page's address with another page number, its filter kept."""
    query = context["request"].GET.copy()
    query["page"] = str(page)
    return f"?{query.urlencode()}"


def _widget_class(field: BoundField) -> str:
    match field.field.widget:
        case CheckboxInput() | RadioSelect() | CheckboxSelectMultiple():
            return "form-check-input"
        case Select():
            return "form-select"
        case FileInput():
            return "form-control form-control--file"
        case _:
            return "form-control"
