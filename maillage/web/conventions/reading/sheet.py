"""A convention on one page: where it stands, its life, its dates, who, what, with whom, and all that happened."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.text import capfirst

from maillage.conventions.amendments.queries import amendments
from maillage.conventions.flows.rules import authorised
from maillage.conventions.lifecycle.policies import BINDING, can_record
from maillage.conventions.lifecycle.refreshing import is_disputed
from maillage.conventions.lifecycle.states import EndKind, State
from maillage.conventions.referents import queries as posts
from maillage.conventions.terms import Blank, blanks
from maillage.conventions.terms.identity import Level
from maillage.indicators.campaigns.policies import can_open, is_national
from maillage.organisations.roles import Permission
from maillage.protection.retention.rules import DataClass, rule_for
from maillage.referrals.advising import advice_counts
from maillage.referrals.counting import OutcomeCounts, outcome_counts
from maillage.referrals.queries import referral_counts
from maillage.web.conventions.acts import acts_for
from maillage.web.conventions.reading import documents, exchanges, graph, guards, people, work
from maillage.web.conventions.reading.adhesion import adhesion
from maillage.web.conventions.reading.avenants import avenants_table
from maillage.web.conventions.reading.beyond import beyond_tiles
from maillage.web.conventions.reading.history import history
from maillage.web.conventions.reading.key_dates import key_dates, open_readings
from maillage.web.conventions.reading.known import Known, known_by
from maillage.web.conventions.reading.life import life
from maillage.web.conventions.reading.opening import day_of, opened
from maillage.web.conventions.reading.states import Badge, Standing, said_for, state_badge
from maillage.web.conventions.reading.values import article_words, blank_words, shown
from maillage.web.conventions.reading.words import word_of
from maillage.web.kept import kept_line
from maillage.web.middleware import MemberRequest
from maillage.web.presentation.components import Fact, Tile
from maillage.web.presentation.numbers import number
from maillage.web.presentation.typography import typeset
from maillage.web.rules import acting_member, page


@page(permission=Permission.READ_CONVENTIONS)
def convention(request: MemberRequest, convention: UUID) -> HttpResponse:
    """Everything of one convention, each section leading to its detail."""
    member = acting_member(request)
    known = known_by(opened(convention, member, verb="convention_read"), member, day_of(request, member))
    row = known.convention.row
    signatures = list(row.signatures.order_by("signed_on", "recorded_at", "id"))
    context: dict[str, Any] = {
        "convention": row,
        "known": known,
        "badge": _badge(known),
        "breadcrumb": [("Conventions", reverse("conventions:list"))],
        "said": said_for(
            _standing(
                known,
                {one.party_key for one in signatures if one.voided_at is None and one.amendment_id is None},
            )
        ),
        "acts": acts_for(member, known.convention),
        **_dates(known),
        **_who(known, signatures),
        **_what(known),
        **_around(known, signatures),
    }
    context["sections"] = _sections(context)
    return render(request, "conventions/sheet.html", context)


def _badge(known: Known) -> Badge:
    row = known.convention.row
    disputed = is_disputed(known.facts)
    return state_badge(row.state, row.end_kind, row.ends_on, known.on, is_disputed=disputed)


def _standing(known: Known, signed: set[str]) -> Standing:
    facts, row = known.facts, known.convention.row
    mine = known.convention.mine
    key = mine.key if mine else ""
    renewal = known.terms.renewal
    return Standing(
        state=State(row.state),
        role=mine.role if mine else "informed",
        is_reader_only=not known.member.may(Permission.SIGN_CONVENTIONS),
        i_signed=key in signed,
        awaited=[known.names.of(one.key) for one in known.terms.parties if one.key not in signed],
        starts=facts.starts,
        out_from=facts.out_from,
        ends=facts.ends,
        renews=not isinstance(renewal, Blank) and renewal.mode == "tacit",
        end_kind=EndKind(row.end_kind) if row.end_kind else None,
        is_disputed=is_disputed(known.facts),
        outlooks=[
            (one.reading_text, one.out, one.renews, one.out is not None and one.out <= known.on)
            for one in facts.outlooks
        ],
    )


def _dates(known: Known) -> dict[str, Any]:
    return {
        "life": life(known),
        "key_dates": key_dates(known),
        "open_readings": open_readings(known),
        "retain_url": reverse("conventions:retain", args=[known.convention.id])
        if can_record(known.member, known.convention) and known.convention.row.state in BINDING
        else "",
        "warnings": [
            (typeset(remark.text), article_words(remark.article) if remark.article else "")
            for remark in known.facts.warnings
        ],
    }


def _who(known: Known, signatures: list[Any]) -> dict[str, Any]:
    row = known.convention.row
    files = documents.ids_of(known.convention, signatures)
    listed = documents.listed(known.convention, files, known.member)
    addresses = {
        one: reverse("conventions:document", args=[row.id, one])
        for one in files
        if any(str(one) in document.url for document in listed)
    }
    referents = posts.history(known.convention)
    return {
        "parties": people.parties_table(known),
        "informed": people.informed_bodies(known),
        "unsigned": people.unsigned_names(known),
        "signatures": people.signatures_table(known, signatures, addresses)
        if signatures or row.state != State.DRAFT
        else None,
        "referents": people.referents_lines(known, referents),
        "referents_kept": kept_line(rule_for(DataClass.REFERENT, known.terms)) if referents else "",
        "documents": listed,
        "annexes": guards.annexes_table(known),
    }


def _what(known: Known) -> dict[str, Any]:
    left = blanks(known.terms)
    return {
        "identity": _identity(known),
        "exports": [
            (label, reverse("conventions:export", args=[known.convention.id, kind]))
            for label, kind in _EXPORTS
        ],
        "blanks": [blank_words(one.blank) for one in left],
        "services": work.services_tables(known),
        "commitments": work.commitments_table(known) if known.terms.commitments else None,
        "register_url": reverse("conventions:commitments", args=[known.convention.id])
        if known.is_signed
        else "",
        "exchanges": exchanges.exchanges(known),
        "exchanges_table": exchanges.exchanges_table(known),
        "clocks": work.clocks_table(known) if known.terms.clocks else None,
        "committees": work.committees_table(known) if known.terms.committees else None,
        "committees_url": _committees(known),
        "indicators": work.indicators_tables(known),
        "axes": work.axes_views(known),
        "sheets_url": reverse("sheets:board", args=[known.convention.id]) if known.is_signed else "",
        "regimes": guards.regimes(known),
        "roles_url": reverse("conventions:data_roles", args=[known.convention.id]),
    }


def _around(known: Known, signatures: list[Any]) -> dict[str, Any]:
    row = known.convention.row
    marks = row.obligation_marks.order_by("-day", "-recorded_at")
    versions = list(row.versions.order_by("number").values_list("number", "written_at"))
    return {
        "avenants": avenants_table(known, avenants) if (avenants := amendments(known.convention)) else None,
        "obligations": guards.obligations_table(known, marks) if known.terms.obligations else None,
        "relations": graph.relations(known),
        "history": history(known, signatures, versions),
        "tiles": _tiles(known),
        "referrals_url": _referrals(known),
        "board_url": _board(known),
        "transfers_url": _transfers(known),
        "bilan_url": _bilan(known),
        "campaign_url": _campaign(known),
        "deployment_url": _deployment(known),
        "training_url": _training(known),
        "prado": adhesion(known),
    }


def _identity(known: Known) -> list[Fact]:
    terms = known.terms
    lines = [
        ("Niveau", capfirst(word_of(Level, known.convention.row.level)), ""),
        ("Lieu de signature", shown(terms.place, known.names), ""),
        ("Exemplaires originaux", shown(terms.originals, known.names), ""),
        ("Objectifs", shown(tuple(one.text for one in terms.objectives), known.names), ""),
        ("Public concerné", shown(tuple(one.text for one in terms.public), known.names), ""),
    ]
    return [Fact(term, text, detail) for term, text, detail in lines if text]


def _referrals(known: Known) -> str:
    """Where the referrals of her organisation under this convention are listed, for whoever reads them."""
    if not known.member.may(Permission.READ_REFERRALS):
        return ""
    return f"{reverse('referrals:list')}?vue=all&convention={known.convention.id}"


def _board(known: Known) -> str:
    """Where the applications for rights under this convention are counted, for both organisations that exchange some."""
    mine = known.convention.mine
    if not known.is_signed or mine is None or not mine.signs:
        return ""
    flows = [flow for flow in authorised(known.terms) if flow.rights]
    if not any(mine.key in (flow.sender, flow.recipient) for flow in flows):
        return ""
    return reverse("rights:board", args=[known.convention.id])


def _transfers(known: Known) -> str:
    """Who was authorised to receive data, for the parties of a convention that all have signed."""
    mine = known.convention.mine
    if not known.is_signed or mine is None or not mine.signs:
        return ""
    return reverse("protection:transfers_of", args=[known.convention.id])


def _bilan(known: Known) -> str:
    """The yearly figures, for the parties of a convention that all have signed."""
    mine = known.convention.mine
    if not known.is_signed or mine is None or not mine.signs:
        return ""
    return reverse("indicators:newest", args=[known.convention.id])


def _campaign(known: Known) -> str:
    """Where whoever holds a national text asks its questions of the conventions that implement it."""
    if not (can_open(known.member, known.convention) and is_national(known.convention)):
        return ""
    return reverse("indicators:campaign_open", args=[known.convention.id])


def _deployment(known: Known) -> str:
    """Where the local conventions under a national text are followed, for its parties."""
    mine = known.convention.mine
    if not known.is_signed or mine is None or not mine.signs or not is_national(known.convention):
        return ""
    return reverse("conventions:deployment", args=[known.convention.id])


def _training(known: Known) -> str:
    """Where the trainings under this convention are counted, for its parties."""
    mine = known.convention.mine
    if not known.is_signed or mine is None or not mine.signs:
        return ""
    return reverse("training:convention", args=[known.convention.id])


def _tiles(known: Known) -> list[Tile]:
    """The referrals of the member's own organisation under this convention; nothing for those who may read none."""
    mine = known.convention.mine
    if not known.is_signed or mine is None or not mine.signs or not authorised(known.terms):
        return []
    counts = referral_counts(known.convention.id, known.member)
    advised = sum(advice_counts(known.convention.id, known.member).values())
    return [
        Tile(
            "Orientations envoyées",
            number(counts.sent),
            "Toutes celles que votre organisme a envoyées ou reçues sous cette convention.",
        ),
        Tile(
            "Dont accusées",
            number(counts.acknowledged),
            "Celles dont la caisse a accusé réception, quelle que soit la suite.",
        ),
        Tile("Dont closes", number(counts.closed), "Celles dont l’accompagnement est clos, avec son issue."),
        *beyond_tiles(known),
        *_outcome_tiles(outcome_counts(known.convention.id, known.member)),
        Tile(
            "Conseils donnés",
            number(advised),
            "Voies que votre organisme a indiquées à une personne, qui s’y adresse elle-même : un compte, sans nom.",
        ),
    ]


def _outcome_tiles(counts: OutcomeCounts) -> list[Tile]:
    """What came of them, care and rights apart."""
    mean = f" Soit {number(counts.mean, 1)} par orientation en moyenne." if counts.referrals else ""
    return [
        Tile(
            "Renoncements à des soins",
            number(counts.renunciations),
            f"Repérés par qui oriente ou par la caisse.{mean}",
        ),
        Tile("En cours", number(counts.under_way), "Orientations qui n’ont pas encore de fin."),
        Tile("Avec soins", number(counts.with_care), "Closes avec un soin réalisé au moins."),
        Tile(
            "Sans soins",
            number(counts.without_care),
            f"Closes sans soin réalisé alors qu’un soin était en cause ; {number(counts.helped)} ont permis d’avancer sur les droits.",
        ),
        Tile(
            "Droits ouverts",
            number(counts.rights_opened),
            f"Closes avec un droit ouvert, quoi qu’il en soit des soins ; droits refusés : {number(counts.rights_refused)}. "
            f"Aucun soin en cause : {number(counts.rights_alone)}.",
        ),
    ]


def _committees(known: Known) -> str:
    """Where the committees are followed: for the parties, once all have signed."""
    mine = known.convention.mine
    if not known.is_signed or mine is None or not mine.signs:
        return ""
    return reverse("committees:list", args=[known.convention.id])


_EXPORTS = (("PDF", "pdf"), ("DOCX", "docx"), ("YAML", "yaml"))
_SECTIONS = (
    ("Où elle en est", "etat", ""),
    ("Vie et dates", "vie", ""),
    ("Lectures du texte", "lectures", "open_readings"),
    ("Orientations", "orientations", "tiles"),
    ("Dossiers de droits", "dossiers", "board_url"),
    ("Déploiement", "deploiement", "deployment_url"),
    ("Formations", "formations", "training_url"),
    ("PRADO maternité", "prado", "prado"),
    ("Parties et signatures", "parties", ""),
    ("Référents", "referents", "referents"),
    ("Texte et blancs", "texte", ""),
    ("Avenants", "avenants", "avenants"),
    ("Services", "services", "services"),
    ("Engagements", "engagements", "commitments"),
    ("Échanges", "echanges", "exchanges"),
    ("Délais", "delais", "clocks"),
    ("Comités", "comites", "committees"),
    ("Indicateurs", "indicateurs", "indicators"),
    ("Axes et fiches actions", "axes", "axes"),
    ("Protection des données", "protection", "regimes"),
    ("Autres obligations", "obligations", "obligations"),
    ("Documents", "documents", ""),
    ("Liens avec d’autres textes", "liens", "relations"),
    ("Histoire", "histoire", ""),
)


def _sections(context: dict[str, Any]) -> list[tuple[str, str]]:
    """The table of contents: the sections that have something to show."""
    return [(label, anchor) for label, anchor, needs in _SECTIONS if not needs or context[needs]]
