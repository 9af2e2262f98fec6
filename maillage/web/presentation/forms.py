"""How form fields are drawn, and the French date field: typed as 14/11/2024, without a picker."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.forms.boundfield import BoundField
from django.forms.renderers import DjangoTemplates
from django.template import loader
from django.utils.safestring import SafeString

from maillage.core.identifiers import uuid7

FRENCH_DATE_FORMATS = ("%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y", "%d %m %Y", "%Y-%m-%d")


class FormRenderer(DjangoTemplates):
    """The project's FORM_RENDERER: `{{ form }}` shows the error summary, then each field as a component."""

    form_template_name = "components/form_fields.html"
    field_template_name = "components/field_group.html"

    def get_template(self, template_name: str) -> Any:
        """Find components among the pages, widgets in Django itself."""
        if template_name.startswith("components/"):
            return loader.get_template(template_name)
        return super().get_template(template_name)


class FrenchDateField(forms.DateField):
    """A date typed as 14/11/2024; dots, dashes, spaces and the ISO form are understood too."""

    default_error_messages = {
        "invalid": "Écrivez une date qui existe, comme 14/11/2024.",
        "required": "Écrivez une date, comme 14/11/2024.",
    }

    def __init__(self, **options: Any) -> None:
        widget = forms.DateInput(
            format="%d/%m/%Y", attrs={"inputmode": "numeric", "autocomplete": "off", "maxlength": "10"}
        )
        options.setdefault("widget", widget)
        options.setdefault("input_formats", FRENCH_DATE_FORMATS)
        options.setdefault("help_text", "Jour, mois, année : 14/11/2024")
        super().__init__(**options)


class ParagraphsField(forms.CharField):
    """A text of several lines: a line break counts for one character, whatever the browser sends."""

    def to_python(self, value: Any) -> str:
        """The text with plain line breaks."""
        return str(super().to_python(value)).replace("\r\n", "\n")


class TokenForm(forms.Form):
    """What makes of a form sent twice one row."""

    use_required_attribute = False
    token = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(
        self, data: Any = None, files: Any = None, *, initial: Mapping[str, object] | None = None
    ) -> None:
        super().__init__(data, files, initial={"token": uuid7(), **(initial or {})})

    def new_id(self) -> UUID:
        """The token as it came back, or a new one."""
        found = self.cleaned_data.get("token")
        return found if isinstance(found, UUID) else uuid7()

    def choose(self, name: str, choices: Sequence[Any]) -> None:
        """Give a field its choices."""
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared so
        field.choices = choices


def field_kind(bound: BoundField) -> str:
    """Tell how a field is laid out: hidden, check (one box), choices (a group) or control (the rest)."""
    if bound.is_hidden:
        return "hidden"
    widget = bound.field.widget
    if isinstance(widget, forms.CheckboxInput):
        return "check"
    return "choices" if isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple) else "control"


def field_widget(bound: BoundField) -> SafeString:
    """Return the widget with its class; Django itself ties it to its help and errors."""
    widget = bound.field.widget
    if isinstance(widget, forms.CheckboxInput):
        style = "form-check-input"
    elif isinstance(widget, forms.Select):
        style = "form-select"
    else:
        style = "form-control"
    attrs: dict[str, Any] = {"class": f"{style} {widget.attrs.get('class', '')}".strip()}
    longest = getattr(bound.field, "max_length", None)
    if isinstance(widget, forms.Textarea) and longest:
        # A browser cuts what is pasted over `maxlength` without a word: the server refuses it instead, and nothing is lost.
        attrs |= {"maxlength": False, "data-longest": longest}
    return bound.as_widget(attrs=attrs)


def choice_boxes(bound: BoundField) -> list[Any]:
    """Return the boxes of a group of choices (each with its tag and label), grouped choices laid flat."""
    boxes = list(bound.subwidgets)
    for box in boxes:
        box.data["attrs"]["class"] = "form-check-input"
    return boxes


def described_by(bound: BoundField) -> str:
    """Return the ids that a group of choices is described by: its help, then its errors."""
    ids = []
    if bound.help_text:
        ids.append(f"{bound.auto_id}_helptext")
    if bound.errors:
        ids.append(f"{bound.auto_id}_error")
    return " ".join(ids)


def error_lines(form: forms.BaseForm) -> list[tuple[str, str, str]]:
    """Return (id of the field, its label, message) for each error, those of the whole form first."""
    lines = [("", "", str(message)) for message in form.non_field_errors()]
    for bound in form:
        target = bound.auto_id if field_kind(bound) == "choices" else bound.id_for_label
        lines += [(str(target), str(bound.label), str(message)) for message in bound.errors]
    return lines
