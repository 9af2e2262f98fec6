"""The documents of a convention: listed and served only through it."""

from collections.abc import Iterable
from uuid import UUID

from django.http import Http404, HttpResponse
from django.urls import reverse

from maillage.conventions.commitments.models import CommitmentEvidence
from maillage.conventions.data_roles.queries import acceptances
from maillage.conventions.lifecycle.loaded import LoadedConvention
from maillage.conventions.signatures.models import Signature
from maillage.documents.actions import describe
from maillage.documents.actions import visible_to as documents_visible_to
from maillage.organisations.member import Member
from maillage.organisations.roles import Permission
from maillage.web.conventions.reading.opening import opened
from maillage.web.middleware import MemberRequest
from maillage.web.presentation.components import Document
from maillage.web.presentation.dates import long_date
from maillage.web.presentation.numbers import file_size
from maillage.web.rules import acting_member, page
from maillage.web.serving import download


@page(permission=Permission.READ_CONVENTIONS)
def document(request: MemberRequest, convention: UUID, document: UUID) -> HttpResponse:
    """One document of the convention, as a download; 404 for a document of anything else."""
    member = acting_member(request)
    known = opened(convention, member, verb="convention_read")
    row = None
    if document in ids_of(known):
        row = documents_visible_to(member).filter(id=document).first()
    if row is None:
        raise Http404
    return download(row, by=member)


def ids_of(known: LoadedConvention, signatures: Iterable[Signature] | None = None) -> dict[UUID, str]:
    """The documents attached to a convention, each with what it is there for."""
    found: dict[UUID, str] = {}
    for row in known.recorded:
        if row.document_id:
            found[row.document_id] = "pièce d’un fait enregistré"
    for relation in known.row.relations.exclude(document=None).order_by("id"):
        found[relation.document_id] = "pièce d’un lien"  # type: ignore[index]  # excluded just above
    for mark in known.row.obligation_marks.exclude(document=None).order_by("id"):
        found[mark.document_id] = "pièce d’une obligation"  # type: ignore[index]  # the same
    for shown in (
        CommitmentEvidence.objects.filter(convention=known.row).exclude(document=None).order_by("id")
    ):
        found[shown.document_id] = "preuve d’un engagement"  # type: ignore[index]  # the same
    given = {one.document_id for one in acceptances([known.id]) if one.document_id}
    found |= dict.fromkeys(given, "accord pour commencer sans les rôles")
    for signature in known.row.signatures.order_by("id") if signatures is None else signatures:
        if signature.delegation_document_id:
            found[signature.delegation_document_id] = f"acte de délégation, {_whose(known, signature)}"
        if signature.document_id:
            found[signature.document_id] = f"texte signé, {_whose(known, signature)}"
    return found


def _whose(known: LoadedConvention, signature: Signature) -> str:
    party = known.party(signature.party_key)
    return party.short_name if party else signature.party_key


def listed(known: LoadedConvention, ids: dict[UUID, str], member: Member) -> list[Document]:
    """What a page shows of each, oldest first; those that the member's organisation may not read are left out."""
    rows = documents_visible_to(member).filter(id__in=list(ids)).order_by("created_at", "id")
    return [
        Document(
            label=found.name,
            url=reverse("conventions:document", args=[known.id, found.id]),
            kind=f"{ids[found.id]}, {found.type_label}",
            size=file_size(found.size),
            when=f"déposé le {long_date(found.stored_at)}",
            fingerprint=found.sha256,
        )
        for found in (describe(row) for row in rows)
    ]
