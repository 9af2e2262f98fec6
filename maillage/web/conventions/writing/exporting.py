"""The text to take away: DOCX and PDF to read and sign, YAML to keep and import again."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.utils.http import content_disposition_header

from maillage.audit.actions import record
from maillage.conventions.drafting.actions import export_yaml
from maillage.conventions.drafting.export import convention_docx, convention_pdf
from maillage.conventions.lifecycle.loaded import LoadedConvention
from maillage.conventions.lifecycle.policies import WRITABLE
from maillage.core.text import sort_key
from maillage.organisations.models import Organisation
from maillage.organisations.roles import Permission
from maillage.web.conventions.reading.opening import opened
from maillage.web.middleware import MemberRequest
from maillage.web.rules import acting_member, page

_TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "yaml": "application/yaml; charset=utf-8",
}


@page(permission=Permission.READ_CONVENTIONS)
def export(request: MemberRequest, convention: UUID, kind: str) -> HttpResponse:
    """The newest text in one of its forms; its content hash stands in the YAML's own answer."""
    if kind not in _TYPES:
        raise Http404
    member = acting_member(request)
    known = opened(convention, member, verb="convention_exported")
    record(
        verb="export",
        object_type="convention",
        object_ref=convention,
        by=member.user,
        organisation=member.organisation,
        reason=kind,
    )
    answer = HttpResponse(_content(known, kind), content_type=_TYPES[kind])
    words = "-".join(sort_key(known.row.title).split()[:8]) or "convention"
    name = "".join(letter for letter in words if letter.isalnum() or letter == "-")[:80]
    answer["Content-Disposition"] = content_disposition_header(True, f"{name}.{kind}") or "attachment"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def _content(known: LoadedConvention, kind: str) -> bytes:
    if kind == "yaml":
        return export_yaml(known).encode()
    bodies = {
        str(one.id): one.name for one in Organisation.objects.filter(id__in=list(known.row.chosen.values()))
    }
    names = {key: bodies[value] for key, value in known.row.chosen.items() if value in bodies}
    final = known.row.state not in WRITABLE
    draw = convention_pdf if kind == "pdf" else convention_docx
    return draw(known.base, bodies=names, final=final)
