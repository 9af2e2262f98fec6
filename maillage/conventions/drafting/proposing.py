"""From a draft to the parties: what must be known first, the proposal, and taking it back."""

from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction

from maillage.conventions.drafting.actions import admit_bodies
from maillage.conventions.drafting.rules import left_to_choose, left_to_fill, said_by
from maillage.conventions.drafting.starting import label_of
from maillage.conventions.lifecycle.loaded import LoadedConvention
from maillage.conventions.lifecycle.models import Convention, Relation
from maillage.conventions.lifecycle.notifications import tell
from maillage.conventions.lifecycle.policies import can_draft, can_propose, can_take_back
from maillage.conventions.lifecycle.recorded import RecordedKind
from maillage.conventions.lifecycle.recording import day_of, keep, lock_and_load, require
from maillage.conventions.lifecycle.states import TRANSITIONS
from maillage.conventions.terms.base import OptionalClause
from maillage.core.moves import move
from maillage.core.refusals import Fault, check
from maillage.documents.actions import share_with
from maillage.documents.models import Document
from maillage.organisations.kinds import is_health_insurance
from maillage.organisations.member import Member
from maillage.organisations.models import Organisation

_CAISSES: Final = ("cpam", "ccss", "cgss", "cssm")


def faults_before_proposal(convention: LoadedConvention) -> tuple[Fault, ...]:
    """What is left to do before the draft may be proposed, each with its field: `party_<key>`, or the path in the text.

    Blanks of the template and options without a choice stop a proposal; missing annexes and silences do not.
    """
    text = convention.base
    bodies = [
        Fault(f"Choisissez l’organisme : {label_of(party.key, text)}.", f"party_{party.key}")
        for party in text.parties
        if party.key not in convention.row.chosen
    ]
    if str(convention.row.drafted_by_id) not in {
        convention.row.chosen.get(party.key) for party in text.parties
    }:
        bodies.append(Fault("Votre organisme doit être l’une des parties."))
    filling = [
        Fault(f"À compléter : {found.blank.asked}.", found.path, found.blank.article)
        for found in left_to_fill(text)
    ]
    options = [
        Fault(f"Gardez ou écartez « {said_by(found.clause)} ».", found.path, found.clause.article)
        for found in left_to_choose(text)
        if isinstance(found.clause, OptionalClause)
    ]
    return (*bodies, *filling, *options)


@transaction.atomic
def propose(*, convention: Convention, by: Member, at: datetime) -> LoadedConvention:
    """Give the text to the parties, who may then read and sign it, and tell them. Twice in a row proposes once.

    Raises `Refused` with everything left to fill, to choose or to name; `TransitionRefused` in another state.
    """
    require(
        can_draft(by) and convention.drafted_by_id == by.organisation, "Seule la partie qui rédige propose."
    )
    known = lock_and_load(convention)
    if can_propose(by, known.row):
        check(faults_before_proposal(known))
        _settle_territory(known.row, by)
        admit_bodies(known)
        _share_documents(known, by)
    move(known.row, TRANSITIONS, "propose")
    fact = keep(convention=known.row, kind=RecordedKind.PROPOSED, day=day_of(known.row, at), by=by, at=at)
    others = [UUID(body) for body in known.row.chosen.values() if UUID(body) != by.organisation]
    tell("convention_proposed", convention=known.id, to=others, fact=fact.id, on=day_of(known.row, at))
    return known


@transaction.atomic
def take_back(*, convention: Convention, by: Member, at: datetime) -> LoadedConvention:
    """Make a text that nobody has signed a draft again. Raises `TransitionRefused` when somebody has signed meanwhile."""
    known = lock_and_load(convention)
    require(
        can_draft(by) and known.row.drafted_by_id == by.organisation, "Seule la partie qui rédige reprend."
    )
    if can_take_back(by, known.row):
        keep(convention=known.row, kind=RecordedKind.TAKEN_BACK, day=day_of(known.row, at), by=by, at=at)
    move(known.row, TRANSITIONS, "take_back")
    return known


def _share_documents(known: LoadedConvention, by: Member) -> None:
    """What the drafter attached while it was alone is read by the parties from now on, as the text is."""
    attached = {row.document_id for row in known.recorded if row.document_id}
    attached |= set(
        Relation.objects.filter(convention=known.row, document__isnull=False).values_list(
            "document_id", flat=True
        )
    )
    bodies = [UUID(known.row.chosen[party.key]) for party in known.base.parties]
    for document in Document.objects.filter(pk__in=attached, organisation=by.organisation).order_by("id"):
        share_with(document=document, organisations=bodies, by=by)


def _settle_territory(convention: Convention, by: Member) -> None:
    """The days of a convention are those of its caisse; its territory too, else the drafter's."""
    bodies = list(Organisation.objects.filter(pk__in=convention.chosen.values()).order_by("sort_name", "id"))
    ranked = sorted(
        (body for body in bodies if is_health_insurance(body.kind)),
        key=lambda body: body.kind not in _CAISSES,
    )
    caisse = ranked[0] if ranked else None
    values = {
        "departement": (caisse.departement if caisse else "") or by.departement,
        "time_zone": caisse.time_zone if caisse else by.time_zone,
    }
    Convention.objects.filter(pk=convention.pk).update(**values)
    for name, value in values.items():
        setattr(convention, name, value)
