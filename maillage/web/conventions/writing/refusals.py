"""Where a refusal is shown: at the form's field that bears its name, else at the top of the form; its article with it."""

from collections.abc import Callable, Iterable
from typing import Any

from django import forms
from django.contrib import messages

from maillage.conventions.terms.base import article_named
from maillage.core.refusals import Fault, Refused
from maillage.core.states import TransitionRefused
from maillage.web.middleware import MemberRequest
from maillage.web.presentation.typography import typeset


def place(form: forms.Form, refused: Refused) -> None:
    """Put each fault at its field."""
    for fault in refused.faults:
        form.add_error(fault.field if fault.field in form.fields else None, sentence(fault))


def acted(
    request: MemberRequest, form: forms.Form, act: Callable[[dict[str, Any]], object], done: str
) -> bool:
    """Do what a form asks; a refusal is shown at its field, and what was typed stays. Whether it was done."""
    if not form.is_valid():
        return False
    try:
        act(form.cleaned_data)
    except Refused as refused:
        place(form, refused)
        return False
    except TransitionRefused as refused:
        messages.warning(request, str(refused))
        return True
    messages.success(request, done)
    return True


def place_rest(form: forms.Form, faults: Iterable[Fault | None]) -> None:
    """Of a form that refused something by itself, what the action would refuse too: all is said at once, nothing twice at a field."""
    said = set(form.errors)
    for fault in faults:
        if fault is not None and fault.field not in said:
            place(form, Refused.because([fault]))


def sentence(fault: Fault) -> str:
    """The message, with the article that says so when there is one."""
    if fault.article is None:
        return typeset(fault.message)
    return typeset(f"{fault.message.rstrip('.')} ({article_named(fault.article)}).")
