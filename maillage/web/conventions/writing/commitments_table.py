"""The register as a table: who owes what, where it stands, what shows it, and what one may do of it."""

from collections.abc import Sequence
from typing import Final

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import capfirst

from maillage.conventions.commitments.queries import CommitmentLine, EvidenceLine
from maillage.conventions.commitments.rules import Followed, Source, Standing
from maillage.conventions.lifecycle.loaded import LoadedConvention
from maillage.web.conventions.reading.tables import card_table
from maillage.web.conventions.reading.values import article_words, cadence_text
from maillage.web.presentation.cells import state_cell
from maillage.web.presentation.dates import long_date, short_date
from maillage.web.presentation.numbers import counted, number, percent
from maillage.web.presentation.tables import Table
from maillage.web.presentation.tones import Tone
from maillage.web.presentation.typography import typeset

_TONES: Final = {
    Standing.LATE: Tone.LATE,
    Standing.SOON: Tone.SOON,
    Standing.OWED: Tone.INFO,
    Standing.KEPT: Tone.GOOD,
}
_COLUMNS: Final = ("Engagement", "À la charge de", "Rythme", "Où il en est", "Ce qui le montre")


def register_table(known: LoadedConvention, lines: Sequence[CommitmentLine], *, may: bool) -> Table:
    """One row for each line; `may`: the reader notes what happens to this convention."""
    names = {party.key: party.name for party in known.signatories}
    mine = known.mine.key if known.mine else ""
    rows = [
        (
            _what(one, names),
            typeset(", ".join(names.get(key, key) for key in one.clause.debtors)),
            cadence_text(one.clause.cadence) or "–",
            _standing(one.followed),
            _shown(known, one, names, mine=mine if may else ""),
        )
        for one in lines
    ]
    return card_table("registre", counted(len(rows), "engagement"), _COLUMNS, rows)


def _what(one: CommitmentLine, names: dict[str, str]) -> SafeString:
    clause = one.clause
    others = [names[key] for key in clause.beneficiaries if key in names]
    details = [
        f"au bénéfice de {', '.join(others)}" if others else "",
        clause.conditional_on or "",
        article_words(clause.article),
    ]
    said = capfirst("; ".join(detail for detail in details if detail))
    return format_html('{}<span class="d-block small soft">{}</span>', typeset(clause.what), typeset(said))


def _standing(followed: Followed) -> SafeString:
    badge = state_cell(capfirst(followed.standing.label), _TONES.get(followed.standing, Tone.NEUTRAL))
    days = [one.due for one in followed.late if one.due] or ([followed.due] if followed.due else [])
    if not days:
        return badge
    due = " et ".join(long_date(day) for day in days)
    return format_html("{} {}", badge, typeset(f"attendu pour le {due}"))


def _shown(known: LoadedConvention, one: CommitmentLine, names: dict[str, str], *, mine: str) -> SafeString:
    """The proofs, the newest first, or which ones the text admits; then what a party that owes it may do."""
    admitted = (
        f"Rien encore. Le texte admet : {', '.join(one.clause.evidence)}."
        if one.clause.evidence
        else "Rien encore."
    )
    lines = [_proof(known, shown, names, mine=mine) for shown in one.evidence]
    if not lines:
        lines = [format_html('<span class="soft">{}</span>', typeset(admitted))]
    if mine in one.clause.debtors and one.followed.standing is not Standing.TO_COME:
        lines.append(
            format_html(
                '<a href="{}">Noter une preuve<span class="visually-hidden"> : {}</span></a>',
                reverse("conventions:evidence", args=[known.id, one.clause.key]),
                typeset(one.clause.what),
            )
        )
    return format_html_join("", "<div>{}</div>", ((line,) for line in lines))


def _proof(known: LoadedConvention, one: EvidenceLine, names: dict[str, str], *, mine: str) -> SafeString:
    note = f" : {one.note}" if one.note else ""
    named = typeset(f"{long_date(one.day)}, {names.get(one.party, one.party)}{note}")
    said = format_html("{}{}", named, typeset(_numbers(one)))
    if one.taken_back:
        return format_html("<del>{}</del> {}{}", said, typeset(f"Retirée : {one.taken_back}"), _noted(one))
    links = [(address, label) for address, label in [_origin(one, mine)] if address]
    if one.document:
        links.append((reverse("conventions:document", args=[known.id, one.document]), "Ouvrir le document"))
    if mine and one.party == mine:
        links.append((reverse("conventions:evidence_cancel", args=[known.id, one.id]), "Retirer"))
    drawn = ((url, label, named) for url, label in links)
    return format_html(
        "{}{}{}",
        said,
        format_html_join("", ' · <a href="{}">{}<span class="visually-hidden"> : {}</span></a>', drawn),
        _noted(one),
    )


def _noted(one: EvidenceLine) -> SafeString | str:
    """That Maillage noted it by itself, when and from what; nothing of what somebody noted."""
    if one.source is Source.HAND or one.noted_on is None:
        return ""
    said = typeset(f"Noté par Maillage le {short_date(one.noted_on)} : {one.source.label}.")
    return format_html('<span class="d-block small soft">{}</span>', said)


def _numbers(one: EvidenceLine) -> str:
    """The count, with its denominator, for whoever may know it; else why it is not there."""
    if one.source is not Source.REFERRALS:
        return ""
    if one.numbers is None:
        return " Nombres réservés aux organismes qui échangent des données nominatives sous cette convention."
    found = one.numbers
    return f" {number(found.counted)} sur {counted(found.over, 'orientation')}, {percent(found.counted / found.over)}."


def _origin(one: EvidenceLine, mine: str) -> tuple[str, str]:
    """Where the fact is read: the session, by who held it; the support, by everybody; nowhere for a count."""
    if one.source is Source.SESSION and one.party == mine:
        return reverse("training:session", args=[one.fact]), "Voir la séance"
    if one.source is Source.SUPPORT:
        return reverse("supports:support", args=[one.fact.partition("/")[0]]), "Voir le support"
    return "", ""
