"""The evidence folder of a convention: what it holds, then one file."""

from uuid import UUID

from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse

from maillage.conventions.lifecycle.loaded import LoadedConvention
from maillage.organisations.roles import Permission
from maillage.protection.records.bundling import bundle, pieces
from maillage.protection.records.folder import Asked
from maillage.web.conventions.reading.opening import opened
from maillage.web.journal.words import object_words, verb_words
from maillage.web.middleware import MemberRequest
from maillage.web.rules import acting_member, page


@page(permission=Permission.PROTECT_DATA, fresh=True)
def evidence(request: MemberRequest, convention: UUID) -> HttpResponse:
    """What the folder of a convention holds, before it is made."""
    known = _reached(request, convention)
    context = {
        "title": "Dossier de preuves",
        "lead": known.row.title,
        "breadcrumb": [("Registre des traitements", reverse("protection:record"))],
        "file_url": reverse("protection:evidence_file", args=[known.id]),
        "convention_url": reverse("conventions:convention", args=[known.id]),
    }
    return render(request, "protection/evidence.html", context)


@page(permission=Permission.PROTECT_DATA, methods=("POST",), fresh=True)
def evidence_file(request: MemberRequest, convention: UUID) -> HttpResponse:
    """The folder, made when it is asked for and kept nowhere."""
    known = _reached(request, convention)
    asked = Asked(known, acting_member(request), request.instant, _said)
    answer = StreamingHttpResponse(pieces(bundle(asked)), content_type="application/zip")
    answer["Content-Disposition"] = 'attachment; filename="dossier-de-preuves.zip"'
    return answer  # type: ignore[return-value]  # a streaming answer is an answer


def _said(verb: str, object_type: str) -> tuple[str, str]:
    """An act of the journal and what it was done to, as the journal's own page says them."""
    return verb_words(verb, object_type), object_words(object_type) if object_type else ""


def _reached(request: MemberRequest, convention: UUID) -> LoadedConvention:
    """A convention that one's organisation signs. Raises Http404."""
    known = opened(convention, acting_member(request), verb="convention_read")
    if known.mine is None or not known.mine.signs:
        raise Http404
    return known
