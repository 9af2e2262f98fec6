"""A page that is one form for one act."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def one_form(
    request: HttpRequest, form: forms.Form | None, *, title: str, lead: str, button: str, pages: list[tuple[str, str]], **more: object
) -> HttpResponse:  # fmt: skip
    """The form, or why there is none, under the pages above it; whoever gives up goes back to the last of them."""
    context = {
        "form": form,
        "title": title,
        "lead": lead,
        "button": button,
        "breadcrumb": pages,
        "back": pages[-1][1],
    }
    return render(request, "one_form.html", {**context, **more})
