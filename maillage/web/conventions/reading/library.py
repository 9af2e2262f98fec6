"""The texts that Maillage ships, readable before a convention is drawn from one."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.text import capfirst

from maillage.conventions import library
from maillage.conventions.terms import Terms, articles, counts
from maillage.organisations.roles import Permission
from maillage.web.conventions.reading.clause_views import articles_of
from maillage.web.conventions.reading.values import names_of
from maillage.web.middleware import MemberRequest
from maillage.web.presentation.numbers import counted
from maillage.web.presentation.tables import Column, Row, Table, headings
from maillage.web.rules import page

_COLUMNS = (
    Column("Texte"),
    Column("Niveau"),
    Column("Ce qu’il contient"),
    Column("Peut servir de trame"),
)


@page(permission=Permission.READ_CONVENTIONS)
def texts(request: MemberRequest) -> HttpResponse:
    """The texts of the library, with what each contains."""
    rows = [_row(name, library.load(name)) for name in library.names()]
    table = Table(
        "textes",
        counted(len(rows), "texte"),
        headings(_COLUMNS, query={}),
        sorted(rows, key=lambda row: row.cells[0]),
    )
    return render(request, "conventions/library.html", {"table": table})


def _row(name: str, terms: Terms) -> Row:
    return Row(
        (
            terms.title,
            capfirst(terms.level.label),
            _contents(terms),
            _use(terms),
        ),
        url=reverse("conventions:library_text", args=[name]),
    )


def _contents(terms: Terms) -> str:
    found = counts(terms)
    parts = [
        counted(len(articles(terms)), "article"),
        counted(found.clauses, "clause"),
        f"{counted(found.blanks, 'blanc')} à compléter",
        f"{counted(found.ambiguous, 'clause')} à plusieurs lectures",
    ]
    return ", ".join(parts)


def _use(terms: Terms) -> str:
    if terms.local_template is not None:
        return "oui, par le modèle local qu’il porte"
    return "oui" if terms.level == "template" else "non : texte déjà conclu"


@page(permission=Permission.READ_CONVENTIONS)
def text(request: MemberRequest, name: str) -> HttpResponse:
    """One text, article by article, its blanks and readings shown."""
    if name not in library.names():
        raise Http404
    terms = library.load(name)
    local = terms.local_template
    found = articles_of(terms, names_of(terms, {}))
    context: dict[str, Any] = {
        "terms": terms,
        "breadcrumb": [
            ("Conventions", reverse("conventions:list")),
            ("Textes", reverse("conventions:library")),
        ],
        "articles": found,
        "local": articles_of(local, names_of(local, {})) if local else (),
        "counts": counts(terms),
        "use": _use(terms),
        "sections": [
            *((article.article, article.anchor) for article in found),
            *([("Modèle local", "modele-local")] if local else []),
        ],
    }
    return render(request, "conventions/library_text.html", context)
