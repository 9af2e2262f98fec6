"""Who is in a convention: parties and signatories, signatures with what was signed, referents and vacancies."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from django.utils.html import format_html_join

from maillage.conventions.referents.models import Referent
from maillage.conventions.referents.queries import standing
from maillage.conventions.referents.rules import ComingVacancy, Vacancy
from maillage.conventions.signatures.models import Signature
from maillage.conventions.terms import Blank, unsigned_representatives
from maillage.conventions.terms.parties import Party
from maillage.conventions.terms.steering import Referent as ReferentClause
from maillage.organisations.kinds import BodyKind
from maillage.web.conventions.reading.known import Known
from maillage.web.conventions.reading.tables import card_table
from maillage.web.conventions.reading.values import article_words, shown
from maillage.web.conventions.reading.words import word
from maillage.web.presentation.cells import link_cell, state_cell
from maillage.web.presentation.dates import between, short_date
from maillage.web.presentation.numbers import counted, phone
from maillage.web.presentation.tables import Table
from maillage.web.presentation.tones import Tone
from maillage.web.presentation.typography import typeset

_HASH: Final = 12
_TO_DO: Final = (
    "C’est à votre organisme de le nommer : votre référent·e de convention le fait dans « Référents », "
    "puis prévient les autres parties."
)
_ROLES: Final = {"drafter": "partie, rédige le texte", "signatory": "partie", "informed": "informé"}


@dataclass(frozen=True, slots=True)
class RefereeLine:
    """One post of referent that the text asks for: who holds it, since when, what is vacant; `to_do` when it is ours to fill."""

    title: str
    duties: Sequence[str]
    change: str
    article: str
    held: Sequence[str]
    past: Sequence[str]
    vacancy: str
    expected: str
    is_late: bool = False
    to_do: str = ""
    untrained: str = ""


def parties_table(known: Known) -> Table:
    """Each party with its kind, address, identifier and who represents it."""
    rows = [_party_row(known, party) for party in known.terms.parties]
    columns = ["Partie", "Nature", "Adresse et identifiant", "Représentée par", "Organisme dans Maillage"]
    return card_table("parties-table", counted(len(rows), "partie"), columns, rows)


def _party_row(known: Known, party: Party) -> tuple[str, ...]:
    functions = tuple(one.function for one in party.representatives)
    return (
        shown(party.name, known.names),
        shown(party.kind, known.names),
        _where(known, party),
        shown(functions, known.names) or "–",
        _body(known, party.key),
    )


def _where(known: Known, party: Party) -> str:
    parts = [shown(party.address, known.names), shown(party.registration, known.names)]
    said = format_html_join("", "<div>{}</div>", ((part,) for part in parts if part))
    return said or "–"


def _body(known: Known, key: str) -> str:
    body = known.convention.party(key)
    if body is None:
        chosen = known.chosen.get(key)
        return f"{chosen} (ne voit pas encore le brouillon)" if chosen else "pas encore choisi"
    return f"{body.name} ({_ROLES.get(body.role, body.role)})"


def informed_bodies(known: Known) -> list[str]:
    """Organisations to whose knowledge the convention was brought, without being parties."""
    return [
        f"{body.name}, {BodyKind(body.kind).label}, depuis le {short_date(body.since)}"
        for body in known.convention.parties
        if not body.signs
    ]


def unsigned_names(known: Known) -> list[str]:
    """Representatives that the text names and who did not sign it (row A28)."""
    return [
        f"{known.names.of(party.key)} : {one.function if isinstance(one.function, str) else 'fonction à compléter'}"
        for party, one in unsigned_representatives(known.terms)
    ]


def signatures_table(known: Known, signatures: Sequence[Signature], documents: dict[Any, str]) -> Table:
    """One line a party: when it signed, by whom, what content, with which document; who is awaited."""
    live = {row.party_key: row for row in signatures if row.voided_at is None and row.amendment_id is None}
    rows = [_signature_row(known, party.key, live.get(party.key), documents) for party in known.terms.parties]
    voided = [row for row in signatures if row.voided_at is not None and row.amendment_id is None]
    rows += [
        (
            known.names.of(row.party_key),
            state_cell("Annulée : le texte a changé", Tone.LATE),
            row.function,
            short_date(row.signed_on),
            _mark(row.content_hash),
            "–",
        )
        for row in voided
    ]
    columns = ["Partie", "Signature", "Fonction", "Le", "Empreinte du texte signé", "Document"]
    return card_table("signatures-table", "Signatures", columns, rows)


def _signature_row(
    known: Known, key: str, signature: Signature | None, documents: dict[Any, str]
) -> tuple[str, ...]:
    name = known.names.of(key)
    if signature is None:
        awaited = "Attendue" if known.convention.row.state in {"proposed", "partly_signed"} else "–"
        return (name, awaited, "–", "–", "–", "–")
    how = "Signée par délégation" if signature.by_delegation else "Signée"
    address = documents.get(signature.document_id, "")
    return (
        name,
        state_cell(how, Tone.GOOD),
        typeset(signature.function),
        short_date(signature.signed_on),
        _mark(signature.content_hash),
        link_cell("texte signé", address) if address else "–",
    )


def _mark(content_hash: str) -> str:
    return f"{content_hash[:_HASH]}…"


def _to_train(due: date, on: date) -> str:
    return f"À former {'depuis le' if due < on else 'd’ici au'} {short_date(due)}"


def referents_lines(known: Known, rows: Sequence[Referent]) -> list[RefereeLine]:
    """Each post that the text asks for, then those that are held without being asked for."""
    now = standing(known.convention, rows, known.on)
    vacant = {(one.post.party, one.post.level): one for one in now.vacant}
    coming = {(one.post.party, one.post.level): one for one in now.coming if one.warning_on <= known.on}
    lines = []
    for clause in known.terms.referents:
        key = (clause.party, clause.level.value)
        line = _post(known, clause, rows, vacant.get(key), coming.get(key))
        due = [one.due_on for one in now.untrained if (one.post.party, one.post.level) == key]
        lines.append(replace(line, untrained=_to_train(min(due), known.on)) if due else line)
    asked = {(clause.party, clause.level.value) for clause in known.terms.referents}
    others = [row for row in rows if (row.party_key, row.level) not in asked and not row.is_given_up]
    if others:
        lines.append(
            RefereeLine("Autres référents", (), "", "", [_tenure(known, row) for row in others], (), "", "")
        )
    return lines


def _post(
    known: Known,
    clause: ReferentClause,
    rows: Sequence[Referent],
    vacant: Vacancy | None,
    coming: ComingVacancy | None,
) -> RefereeLine:
    mine = [row for row in rows if (row.party_key, row.level) == (clause.party, clause.level.value)]
    held = [row for row in mine if row.since <= known.on and (row.until is None or row.until >= known.on)]
    gone = [row for row in mine if row.until is not None and row.until < known.on and not row.is_given_up]
    lives = known.convention.row.state in {"signed", "in_force"}
    vacancy = _vacant(vacant, coming) if lives else ""
    ours = known.convention.mine is not None and known.convention.mine.key == clause.party
    functions = clause.functions
    return RefereeLine(
        title=f"{known.names.of(clause.party)}, niveau {word(clause.level)}",
        duties=clause.duties,
        change=word(clause.change),
        article=article_words(clause.article),
        held=[_tenure(known, row) for row in held],
        past=[_tenure(known, row) for row in gone],
        vacancy=vacancy,
        expected=shown(functions, known.names) if not isinstance(functions, Blank) or not held else "",
        is_late=vacant is not None and vacant.alarm_on <= known.on,
        to_do=_TO_DO if vacancy and ours else "",
    )


def _vacant(vacant: Vacancy | None, coming: ComingVacancy | None) -> str:
    if vacant is not None:
        post = vacant.post
        what = "Poste vacant" if post.expected == 1 else f"{vacant.missing} sur {post.expected} à nommer"
        return f"{what} depuis le {short_date(vacant.since)}"
    return f"Personne de nommé à partir du {short_date(coming.on)}" if coming else ""


def _tenure(known: Known, row: Referent) -> str:
    """The referents of the first day are those that the parties signed with: nobody is left to be told."""
    first_day = known.convention.row.starts_on
    silent = "" if first_day and row.since <= first_day else ", parties pas encore prévenues"
    reached = ", ".join(part for part in (row.mailbox, phone(row.phone)) if part)
    told = f", parties prévenues le {short_date(row.told_on)}" if row.told_on else silent
    said = f"{row.function} ({reached}), {between(row.since, row.until)}{told}"
    trained = [
        f"formé le {short_date(one.trained_on)} ({one.subject}, par {one.organiser})"
        for one in row.trainings.all()
        if one.withdrawn_at is None
    ]
    return f"{said} ; {', '.join(trained)}" if trained else said
