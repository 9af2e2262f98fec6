"""Where a refusal that cites no article is shown: at the form's field that bears its name, else at the top of the form."""

from django import forms

from maillage.core.refusals import Refused
from maillage.web.presentation.typography import typeset


def place(form: forms.Form, refused: Refused) -> None:
    """Put each fault at its field."""
    for fault in refused.faults:
        form.add_error(fault.field if fault.field in form.fields else None, typeset(fault.message))
