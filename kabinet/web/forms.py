from django.forms.renderers import TemplatesSetting


class Renderer(TemplatesSetting):
    """Draw form fields by our components: `{{ form.inn.as_field_group }}`."""

    field_template_name = "components/field.html"
    form_template_name = "components/form.html"
