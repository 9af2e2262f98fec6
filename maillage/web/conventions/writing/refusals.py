"""Where a refusal is shown: at the form's field that bears its name, else at the top of the form; its article with it."""

from django import forms

from maillage.core.refusals import Fault, Refused
from maillage.web.conventions.writing.forms import article_label
from maillage.web.presentation.typography import typeset


def place(form: forms.Form, refused: Refused) -> None:
    """Put each fault at its field."""
    for fault in refused.faults:
        form.add_error(fault.field if fault.field in form.fields else None, sentence(fault))


def sentence(fault: Fault) -> str:
    """The message, with the article that says so when there is one."""
    if fault.article is None:
        return typeset(fault.message)
    return typeset(f"{fault.message.rstrip('.')} ({article_label(fault.article)}).")
