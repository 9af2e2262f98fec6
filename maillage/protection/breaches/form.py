"""The notice of a breach to the authority, ready to be sent: each field that GDPR art. 33.3 names, as the file says it today."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from maillage.core.calendar import add_hours
from maillage.core.french import date_in_words, typeset
from maillage.core.numbers import number
from maillage.documents.composition import Block, Listing, Paragraph, Part, Report, Style, blank, text
from maillage.documents.rendering import render_pdf
from maillage.protection.breaches.extent_models import BreachExtent
from maillage.protection.breaches.extent_rules import Extent
from maillage.protection.breaches.models import Breach, BreachDecision, BreachEntry, BreachNotice
from maillage.protection.breaches.notifications import reference
from maillage.protection.breaches.queries import FileParty, first_said, last_known
from maillage.protection.breaches.rules import (
    AUTHORITY_DELAY,
    ENTRY_WORDS,
    DataKind,
    EntryKind,
    Nature,
    is_late,
)


def notice_pdf(
    breach: Breach,
    *,
    for_party: FileParty,
    decision: BreachDecision | None,
    waiting: Sequence[str],
    entries: Sequence[BreachEntry],
    notices: Sequence[BreachNotice],
    extents: Sequence[BreachExtent],
    officer: str,
    parties: Sequence[FileParty],
    zone: ZoneInfo,
    at: datetime,
) -> bytes:
    """A tagged PDF for one controller; what the file does not say is a place to fill.

    `officer` is the box of its data protection officer, `parties` everybody of the file, `waiting` those whose
    agreement the decision lacks. Raises RenderingFailed.
    """
    now = last_known(breach, extents)
    report = Report(
        title=typeset("Notification d’une violation de données à caractère personnel"),
        kind_label=typeset("RGPD, article 33"),
        reference=typeset(f"{_reference(breach)}, établie le {_when(at, zone)}"),
        parts=(
            Part("Responsable du traitement", _controller(for_party, zone, at, entries)),
            Part(typeset("Nature de la violation (33.3 a)"), _nature(breach, now, zone)),
            Part(typeset("Délégué à la protection des données (33.3 b)"), (_said(officer, "nom et coordonnées du délégué"),)),
            Part("Autres organismes en cause", _others(for_party, parties)),
            *_proposed(decision, waiting),
            Part(typeset("Conséquences probables (33.3 c)"), (_said(decision.consequences if decision else "", "conséquences probables"),)),
            Part(typeset("Mesures prises ou envisagées (33.3 d)"), _measures(decision, entries, zone)),
            Part(typeset("Information des personnes (34)"), _persons(decision, waiting, entries, zone)),
            Part("Parties prévenues", _told(notices, parties, zone)),
            Part("Chronologie du dossier", _course(breach, entries, extents, zone)),
            Part(typeset("Ce que le site de la CNIL demande aussi"), tuple(Paragraph(blank(one)) for one in (*_unknown(now), *_ASKED))),
        ),
    )  # fmt: skip
    return render_pdf("report", report.as_data())


_ASKED: Final = (
    "numéro SIRET et adresse de l’organisme",
    "personne à joindre : nom, téléphone, courriel",
    "comment elle a été découverte",
    "origine : perte, vol, envoi par erreur, piratage, autre ; interne ou externe, volontaire ou non",
    "mesures de sécurité en place avant la violation",
    "gravité pour les personnes : négligeable, limitée, importante, maximale",
    "personnes d’autres pays de l’Union européenne : oui ou non, lesquels",
)
"""What its service asks besides article 33.3, and that no file of ours holds."""


def _reference(breach: Breach) -> str:
    """That of the report, and of the file to which it was joined."""
    joined = f" jointe au dossier {reference(breach.joined_to_id)}" if breach.joined_to_id else ""
    return f"{reference(breach.pk)}{joined}"


def _others(party: FileParty, parties: Sequence[FileParty]) -> tuple[Block, ...]:
    """Those that answer for the data too, and those that handle them for somebody."""
    found = [
        f"{one.name} : {'répond aussi du traitement' if one.controls else 'partie aux conventions touchées'}"
        for one in parties
        if one.organisation != party.organisation
    ]
    return _lines(*found) if found else (Paragraph(text("Aucun.")),)


def _when(instant: datetime, zone: ZoneInfo) -> str:
    local = instant.astimezone(zone)
    return f"{date_in_words(local.date())} à {local.hour} h {local.minute:02d}"


def _lines(*lines: str) -> tuple[Block, ...]:
    return (Listing(tuple(text(typeset(line)) for line in lines)),)


def _said(words: str, asked: str) -> Block:
    return Paragraph(text(typeset(words)) if words else blank(asked))


def _controller(
    party: FileParty, zone: ZoneInfo, at: datetime, entries: Sequence[BreachEntry]
) -> tuple[Block, ...]:
    """Who notifies, since when it knows, whether it is late and why (33.1); what was filed already: the notice is then a phase (33.4)."""
    lines = [f"Organisme : {party.name}"]
    filed = [
        one for one in entries if one.kind == EntryKind.FILED and one.recorded_for_id == party.organisation
    ]
    lines.append(
        "Notification initiale"
        if not filed
        else f"Complément à la notification du {_when(filed[0].happened_at, zone)} (33.4)"
    )
    blocks: list[Block] = []
    if party.aware_at is not None:
        due = add_hours(party.aware_at, AUTHORITY_DELAY)
        lines += [
            f"Violation connue le {_when(party.aware_at, zone)}",
            f"À notifier avant le {_when(due, zone)}",
        ]
        if not filed and is_late(at, party.aware_at):
            blocks.append(
                Paragraph(
                    (
                        *text("Motif du retard : ", Style.STRONG),
                        *blank("pourquoi plus de 72 heures ont passé"),
                    )
                )
            )
        lines += [f"Motif du retard : {one.late_reason}" for one in filed if one.late_reason]
    return (*_lines(*lines), *blocks)


def _nature(breach: Breach, now: Extent, zone: ZoneInfo) -> tuple[Block, ...]:
    """What happened, and how far it reaches as it is known now; what was first said stands beside what became better known."""
    said, first = _said_of(now, zone), _said_of(first_said(breach), zone)
    lines = [
        f"{label} : {words}"
        + (f" (d’abord signalé : {first[label]})" if words != first.get(label, words) else "")
        for label, words in said.items()
    ]
    return (
        Paragraph(text(typeset(breach.what))),
        *_lines(
            f"Constatée le {_when(breach.noticed_at, zone)}",
            "Catégories de personnes : personnes accompagnées par les parties aux conventions",
            *lines,
        ),
    )


def _said_of(one: Extent, zone: ZoneInfo) -> dict[str, str]:
    found = {
        "Nature": " ; ".join(nature.label for nature in Nature if nature.value in one.natures),
        "Catégories de données": ", ".join(kind.label for kind in DataKind if kind.value in one.data),
        "Nombre de personnes": _about(one.people),
        "Nombre d’enregistrements": _about(one.records),
        "La violation se poursuit": {True: "oui", False: "non", None: "inconnu"}[one.goes_on],
    }
    for label, instant in (("Commencée le", one.began_at), ("Terminée le", one.stopped_at)):
        if instant is not None:
            found[label] = _when(instant, zone)
    return found


def _about(count: int | None) -> str:
    if count is None:
        return "inconnu"
    return f"environ {number(count)}" if count > 1 else number(count)


def _unknown(one: Extent) -> tuple[str, ...]:
    """When it began and when it ended, which the authority asks too, while nobody said so."""
    began = () if one.began_at else ("quand la violation a commencé",)
    return began if one.stopped_at or one.goes_on else (*began, "quand elle a pris fin")


def _proposed(decision: BreachDecision | None, waiting: Sequence[str]) -> tuple[Part, ...]:
    """That what follows is not agreed to by all yet: what is sent to the authority is not given for decided."""
    if decision is None or not waiting:
        return ()
    said = f"Décision {decision.number}, proposée, en attente de l’accord de : {', '.join(waiting)}."
    return (Part("Décision", (Paragraph(text(typeset(said), Style.STRONG)),)),)


def _measures(
    decision: BreachDecision | None, entries: Sequence[BreachEntry], zone: ZoneInfo
) -> tuple[Block, ...]:
    taken = [
        f"{_when(one.happened_at, zone)} : {one.text}" for one in entries if one.kind == EntryKind.MEASURE
    ]
    return (_said(decision.measures if decision else "", "mesures"), *(_lines(*taken) if taken else ()))


def _persons(
    decision: BreachDecision | None, waiting: Sequence[str], entries: Sequence[BreachEntry], zone: ZoneInfo
) -> tuple[Block, ...]:
    told = [
        f"{_when(one.happened_at, zone)} : {one.text}"
        for one in entries
        if one.kind == EntryKind.PERSONS_TOLD
    ]
    if told:
        return _lines(*told)
    if decision is None:
        return (Paragraph(blank("les personnes sont-elles informées, quand et comment")),)
    if decision.tells_persons:
        said = (
            "Proposé, pas encore décidé : informer les personnes."
            if waiting
            else "Les personnes seront informées."
        )
    else:
        reason = decision.persons_reason or decision.reason
        said = f"Proposé, pas encore décidé : non, {reason}" if waiting else f"Non : {reason}"
    return (Paragraph(text(typeset(said))),)


def _told(notices: Sequence[BreachNotice], parties: Sequence[FileParty], zone: ZoneInfo) -> tuple[Block, ...]:
    """What each notice that one reads says; then those that are in the file by the notice of another."""
    lines = [
        f"{one.addressee.name}, convention « {one.convention.title} », {one.article} : "
        + (f"prévenue le {_when(one.told_at, zone)}" if one.told_at else "à prévenir")
        for one in notices
    ]
    named = {one.addressee_id for one in notices}
    for one in parties:
        if one.reports:
            lines.append(f"{one.name} : a signalé la violation")
        elif one.organisation not in named:
            since = (
                f"en a connaissance depuis le {_when(one.aware_at, zone)}"
                if one.aware_at
                else "pas encore prévenue"
            )
            lines.append(f"{one.name} : {since}")
    return _lines(*lines) if len(parties) > 1 else (Paragraph(text(typeset("Aucune autre partie."))),)


def _course(
    breach: Breach, entries: Sequence[BreachEntry], extents: Sequence[BreachExtent], zone: ZoneInfo
) -> tuple[Block, ...]:
    told = [
        (
            one.happened_at,
            f"{_when(one.happened_at, zone)}, {one.recorded_for.short_name} : {ENTRY_WORDS[EntryKind(one.kind)]}"
            + (f" {one.decision.number}" if one.decision else "")
            + (f" : {one.text}" if one.text else ""),
        )
        for one in entries
    ]
    told += [
        (
            one.recorded_at,
            f"{_when(one.recorded_at, zone)}, {one.recorded_for.short_name} : Étendue mise à jour : "
            + " ; ".join(
                f"{label} : {words}" for label, words in _said_of(last_known(breach, [one]), zone).items()
            )
            + f". {one.why}",
        )
        for one in extents
    ]
    if not told:
        return (Paragraph(text(typeset("Rien n’a encore été ajouté au dossier."))),)
    return _lines(*(line for _, line in sorted(told, key=lambda pair: pair[0])))
