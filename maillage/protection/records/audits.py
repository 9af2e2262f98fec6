"""Audits: what can be shown of them. No text asks for an audit of a partner; the processor makes proofs available (row H2).

So this section is the checks that whoever audits would begin with, made at the instant of the folder, each with the way to make it again;
and what the parties noted of confidentiality.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from maillage.conventions.commitments.queries import MarkLine, ObligationLine, obligations
from maillage.conventions.lifecycle.recording import day_of
from maillage.conventions.terms import canonical_bytes
from maillage.conventions.terms.base import article_named
from maillage.conventions.terms.obligations import ObligationKind
from maillage.core.french import date_in_words, listed, typeset
from maillage.core.numbers import counted
from maillage.documents.composition import Listing, Paragraph, Part, Report, Style, Table, text
from maillage.documents.rendering import render_pdf
from maillage.protection.records.folder import Asked, File
from maillage.protection.records.journal_state import JournalState
from maillage.protection.records.models import RecordVersion
from maillage.protection.records.rules import digest
from maillage.protection.records.signed import avenants_of, covered, signatures_of

_SAYS: Final = (
    "La convention ne prévoit pas d’audit d’une partie par une autre. Le RGPD demande de pouvoir démontrer que l’on respecte ses"
    " obligations (articles 5.2 et 28.3 h) : voici ce que doit chacun d’après le texte, les contrôles faits au moment où ce dossier a été"
    " préparé, et comment chacun se refait. Un rapport d’audit mené ailleurs se joint à ce dossier par qui l’a reçu."
)
_ACTS: Final = {
    "ticked": "tenu",
    "asked": "demandé",
    "approved": "accordé",
    "refused": "refusé",
    "opened": "ouvert",
    "closed": "clos",
}


@dataclass(frozen=True, slots=True)
class Check:
    """One check: what, what was found, whether it holds, how to make it again."""

    what: str
    found: str
    holds: bool
    again: str


def checks(asked: Asked, state: JournalState) -> Iterator[Check]:
    """Each check of the folder, in the order of a reading."""
    yield from _signed(asked)
    again = "« maillage audit verify », par qui exploite la plateforme, avec une copie des ancres et la clé publique"
    yield Check("Journal des accès", " ; ".join(state.report), not state.faults, again)
    yield _versions(asked)


def _signed(asked: Asked) -> Iterator[Check]:
    known = asked.known
    signatures = signatures_of(known)
    texts = [(None, "Texte signé", canonical_bytes(known.base), "texte-signe.json")]
    avenants = [
        (one.pk, f"Avenant n° {one.number}", covered(known, one), f"avenants/{one.number}.json")
        for one in avenants_of(known)
    ]
    for which, what, content, name in (*texts, *avenants):
        made = sha256(content).hexdigest()
        of_it = [one for one in signatures if one.amendment_id == which]
        wrong = [one.organisation.name for one in of_it if one.content_hash != made]
        missing = [
            party.name for party in known.signatories if party.key not in {one.party_key for one in of_it}
        ]
        found = f"{counted(len(of_it), 'signature')}, toutes de cette empreinte : {made[:16]}…"
        if missing:
            found = f"{counted(len(of_it), 'signature')} ; manque : {listed(missing)}"
        if wrong:
            found = f"une autre empreinte est signée par {listed(wrong)}"
        again = f"SHA-256 de « {name} », comparé à la feuille « Signatures »"
        yield Check(what, found, not wrong and not missing, again)


def _versions(asked: Asked) -> Check:
    rows = RecordVersion.objects.filter(organisation=asked.member.organisation).order_by("number")
    count, wrong = 0, []
    for row in rows.iterator(chunk_size=20):
        count += 1
        if digest(row.content) != row.digest:
            wrong.append(str(row.number))
    found = (
        f"{counted(count, 'version')}, empreintes justes" if count else "aucune version n’est encore gardée"
    )
    if wrong:
        found = f"version {listed(wrong)} : empreinte fausse"
    again = "SHA-256 du contenu gardé ; son début est au pied de chaque page de la version"
    return Check("Registre des traitements", found, not wrong, again)


def audits(asked: Asked, state: JournalState) -> Iterator[File]:
    """The report of the checks, with what the text asks and what was noted."""
    made = tuple(checks(asked, state))
    day = date_in_words(asked.at.astimezone(asked.zone).date())
    report = Report(
        title=typeset("Audits et contrôles"),
        kind_label=typeset("Dossier de preuves, protection des données"),
        reference=typeset(f"Établi le {day} pour {asked.member.organisation_name}"),
        parts=(
            Part("Ce que demande le texte", tuple(_asked_by_text(asked))),
            _drawn(made),
            *_journal(state),
            *_confidentiality(asked),
        ),
    )
    wrong = sum(not one.holds for one in made)
    shows = "Contrôles faits pour ce dossier : " + (f"{wrong} à regarder" if wrong else "aucun écart")
    yield File("audits-et-controles.pdf", shows, [render_pdf("report", report.as_data())])


def _asked_by_text(asked: Asked) -> Iterator[Paragraph | Listing]:
    yield Paragraph(text(typeset(asked.known.row.title), Style.STRONG))
    yield Paragraph(text(typeset(_SAYS)))
    terms = asked.known.readable(day_of(asked.known.row, asked.at))
    names = {party.key: party.short_name for party in asked.known.signatories}
    lines = [
        f"{duty.what} ({listed([names.get(key, key) for key in duty.debtors])}, {article_named(duty.article)})"
        for regime in terms.protection
        for duty in regime.duties
    ]
    yield Listing(tuple(text(typeset(one)) for one in dict.fromkeys(lines)))


def _drawn(made: Sequence[Check]) -> Part:
    rows = tuple(
        (
            text(typeset(one.what), Style.STRONG),
            text("Conforme" if one.holds else "À regarder"),
            text(typeset(one.found)),
            text(typeset(one.again)),
        )
        for one in made
    )
    head = ("Contrôle", "Résultat", "Constat", "Comment le refaire")
    return Part("Contrôles", (Table("Contrôles", head, rows, (3, 2, 5, 5)),))


def _journal(state: JournalState) -> Iterator[Part]:
    lines = [text(typeset(one)) for one in state.report]
    if state.key:
        says = f"Clé publique des ancres : {state.key}. Elle doit être celle qui a été remise à votre délégué à la protection des données."
        lines.append(text(typeset(says)))
    yield Part(typeset("Vérification du journal et de ses ancres"), (Listing(tuple(lines)),))


def _confidentiality(asked: Asked) -> Iterator[Part]:
    known = asked.known
    names = {party.key: party.short_name for party in known.parties}
    found = [
        one
        for one in obligations(known, day_of(known.row, asked.at))
        if one.clause.kind is ObligationKind.CONFIDENTIALITY
    ]
    if found:
        blocks = [block for one in found for block in _acts(one, names)]
        yield Part(typeset("Ce que les parties ont noté de la confidentialité"), tuple(blocks))


def _acts(one: ObligationLine, names: dict[str, str]) -> Iterator[Paragraph | Listing]:
    yield Paragraph(text(typeset(f"{one.clause.what} ({article_named(one.clause.article)})."), Style.STRONG))
    acts = [act for mark in one.marks for act in (mark, *mark.answers)]
    if not acts:
        yield Paragraph(text("Rien n’a été noté."))
    else:
        yield Listing(tuple(text(typeset(_act(act, names))) for act in acts))


def _act(act: MarkLine, names: dict[str, str]) -> str:
    note = f" : {act.note}" if act.note else ""
    return f"{date_in_words(act.day)}, {names.get(act.party, '')}, {_ACTS[act.kind]}{note}"
