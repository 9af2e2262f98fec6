"""A file being prepared, in words: its check-list, its estimate, all of it before it is sent."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from django.urls import reverse
from django.utils.text import capfirst

from maillage.cases.models import Authorisation
from maillage.conventions.data_roles.unsaid import unsaid_of
from maillage.core.calendar import full_years
from maillage.documents.actions import describe
from maillage.organisations.member import Member
from maillage.referrals.references import reference
from maillage.rights import filing
from maillage.rights.content import LINKS, Content
from maillage.rights.declared.rights import PROOF, question, rights
from maillage.rights.declared.rules import Line, Standing
from maillage.rights.estimating.rules import Estimate, estimate
from maillage.rights.estimating.rules import Standing as Eligible
from maillage.rights.models import PreparedPiece
from maillage.rights.rules import HANDED_TO
from maillage.web.conventions.reading.papers import papers_of
from maillage.web.conventions.reading.values import article_words
from maillage.web.preparing.openings import promise_words
from maillage.web.preparing.stage import LABELS, Stage
from maillage.web.preparing.steps import ESTIMATED
from maillage.web.presentation.components import Fact, Refusal
from maillage.web.presentation.dates import due_in, long_date
from maillage.web.presentation.numbers import counted, file_size, number
from maillage.web.presentation.tones import Tone
from maillage.web.presentation.typography import NBSP, typeset
from maillage.web.referrals.agreeing import agreement_facts
from maillage.web.referrals.refusals import without_roles
from maillage.web.referrals.told import told_facts
from maillage.web.referrals.words import paragraphs, person_facts

SOON: Final = timedelta(days=30)
"""From how long before its last day a piece is said to expire: the time that a new one takes."""
_STANDINGS: Final = {
    Standing.THERE: ("Ajoutée", Tone.GOOD),
    Standing.MISSING: ("Manque", Tone.LATE),
    Standing.UNKNOWN: ("Peut-être", Tone.SOON),
    Standing.SPARED: ("Pas nécessaire", Tone.NEUTRAL),
}
_HANDED: Final = ("information", "facile")


@dataclass(frozen=True, slots=True)
class Scan:
    """A piece that was added: its file, what is known of it, whether it soon ceases to be valid."""

    id: str
    name: str
    url: str
    about: str
    expiry: str
    tone: Tone


@dataclass(frozen=True, slots=True)
class Checked:
    """A line of the check-list, with what was added for it."""

    label: str
    standing: str
    tone: Tone
    one_of: tuple[str, ...]
    about: str
    scans: Sequence[Scan]


def checked(stage: Stage) -> list[Checked]:
    """The check-list as the page shows it: what is needed first, what is spared last."""
    drawn = []
    for line in stage.lines:
        words, tone = _STANDINGS[line.standing]
        one = line.piece
        if line.standing is Standing.MISSING and not one.indispensable and one is not PROOF:
            words, tone = "À joindre si possible", Tone.SOON
        spared = line.standing is Standing.SPARED
        drawn.append((spared, Checked(
            label=typeset(f"{one.label} : {proof_words(stage)}" if one is PROOF else one.label),
            standing=words,
            tone=tone,
            one_of=() if spared else tuple(typeset(each) for each in one.one_of),
            about=_about(line),
            scans=[_scan(piece, stage) for piece in stage.pieces if piece.key == one.key],
        )))  # fmt: skip
    return [one for _, one in sorted(drawn, key=lambda pair: pair[0])]


def _about(line: Line) -> str:
    piece = line.piece
    if piece is PROOF:
        return typeset("Sans elle, la caisse ne peut traiter la demande comme urgente.")
    needed = piece.indispensable and line.standing is not Standing.SPARED
    need = "Indispensable : le dossier ne peut être jugé sans elle." if needed else ""
    return typeset(f"{need} Source : {piece.source}.".strip())


def _scan(piece: PreparedPiece, stage: Stage) -> Scan:
    described = describe(piece.document)
    known = [
        described.type_label,
        file_size(described.size),
        f"datée du {long_date(piece.dated_on)}" if piece.dated_on else "",
        f"valable jusqu’au {long_date(piece.valid_until)}" if piece.valid_until else "",
    ]
    expiry, tone = expiry_words(piece.valid_until, stage.today)
    address = reverse("preparations:piece", args=[stage.preparation, piece.id])
    return Scan(str(piece.id), described.name, address, " · ".join(one for one in known if one), expiry, tone)


def expiry_words(until: date | None, on: date) -> tuple[str, Tone]:
    """What is to be said of the last day of a piece; nothing while it is far."""
    if until is None or until > on + SOON:
        return "", Tone.NEUTRAL
    if until < on:
        return f"Périmée depuis le {long_date(until)} : demandez-en une autre.", Tone.LATE
    return f"Bientôt périmée : son dernier jour est {due_in(until, on)}.", Tone.SOON


def stray(stage: Stage) -> list[Scan]:
    """Pieces added for another right, chosen before."""
    declared = stage.content.declared
    known = {one.key for one in declared.taken(urgent=stage.content.urgent)} if declared else set()
    return [_scan(piece, stage) for piece in stage.pieces if piece.key not in known]


def piece_label(key: str) -> str:
    """The name of a piece, of whichever right."""
    found = (one.label for right in rights().values() for one in right.taken(urgent=True) if one.key == key)
    return typeset(next(found, key))


def proof_words(stage: Stage) -> str:
    """By what urgency is shown, in the words of the convention; empty for a file that is not urgent."""
    clock = stage.opening.urgent_clock(stage.content.right) if stage.opening else None
    if not stage.content.urgent or clock is None:
        return ""
    found = (one for one in clock.proofs if one.key == stage.content.proof)
    return next(
        (f"{typeset(one.label)} ({article_words(one.article or clock.article)})" for one in found), ""
    )


def _estimate(stage: Stage) -> Estimate | None:
    content, declared = stage.content, stage.content.declared
    if declared is None or declared.key not in ESTIMATED or content.resources is None:
        return None
    births = [one.birth_date for one in content.household] if declared.household else []
    if content.person is not None:
        births.append(content.person.birth_date)
    ages = [max(0, full_years(birth, stage.today)) for birth in births]
    if content.person is None:
        ages.append(0)
    return estimate(declared.key, resources=content.resources, ages=ages, zone=stage.zone, on=stage.today)


_VERDICTS: Final = {
    ("c2s", Eligible.FREE): "Sous le plafond : la C2S pourrait être accordée sans participation.",
    (
        "c2s",
        Eligible.SHARED,
    ): "Entre les deux plafonds : la C2S pourrait être accordée avec une participation.",
    ("c2s", Eligible.ABOVE): "Au-dessus des plafonds connus : la C2S pourrait être refusée.",
    ("ame", Eligible.FREE): "Sous le plafond : l’AME pourrait être accordée.",
    ("ame", Eligible.ABOVE): "Au-dessus du plafond connu : l’AME pourrait être refusée.",
}


def estimated(stage: Stage) -> tuple[str, list[Fact], list[str]] | None:
    """The estimate: its verdict, what it was compared with, its doubts; None while no resources were given."""
    found, content = _estimate(stage), stage.content
    declared = content.declared
    if found is None or declared is None:
        return None
    people = 1 + (len(content.household) if declared.household else 0)
    facts = [
        Fact("Foyer compté", counted(people, "personne")),
        Fact("Ressources", f"{number(content.resources or 0)}{NBSP}€"),
        *_ceilings(found),
    ]
    if found.source and found.since:
        facts.append(Fact("Source", typeset(found.source), f"En vigueur depuis le {long_date(found.since)}."))
    doubts = list(found.doubts)
    if found.monthly is not None:
        if content.person is None:
            doubts.append("La participation dépend de l’âge de chacun : décrivez d’abord la personne.")
        else:
            facts.append(Fact("Participation du foyer", f"{number(found.monthly)}{NBSP}€ par mois"))
    verdict = _VERDICTS.get(
        (declared.key, found.standing), "On ne peut pas le dire avec ce que Maillage connaît."
    )
    return typeset(verdict), facts, [typeset(one) for one in doubts]


def _ceilings(found: Estimate) -> list[Fact]:
    free, shared = found.free, found.shared
    return [
        *([Fact("Plafond", f"{number(free)}{NBSP}€ pour douze mois")] if free is not None else []),
        *([Fact("Plafond avec participation", f"{number(shared)}{NBSP}€ pour douze mois")] if shared is not None else []),
    ]  # fmt: skip


def notices_of(stage: Stage) -> list[tuple[str, str]]:
    """The printed information of the convention's flow, in French and in easy French: label, address."""
    opening = stage.opening
    flow = (
        next((one for one in opening.terms.flows if one.key == opening.row.flow_key), None)
        if opening
        else None
    )
    if opening is None or flow is None:
        return []
    return [
        (paper.label, reverse("conventions:paper", args=[opening.row.convention_id, flow.key, paper.slug]))
        for paper in papers_of(flow)
        if paper.slug in _HANDED
    ]


def summary(stage: Stage) -> list[tuple[str, str, list[Fact]]]:
    """The whole file before it is sent: for each step its title, its address, its answers."""
    content = stage.content
    facts: dict[str, list[Fact]] = {slug: [] for slug in LABELS}
    facts["droit"] = _right(stage)
    facts["questions"] = _questions(stage)
    if content.person is not None:
        facts["personne"] = person_facts(content.person)
    facts["pieces"] = _pieces(stage)
    if content.told is not None:
        facts["information"] = told_facts(content.told, stage.recipient_name)
        if content.agreement is not None:
            facts["information"] += agreement_facts(content.agreement, content.agreement.mandate)[
                :-1
            ]  # all of it returns
    return [(label, stage.url(slug), facts[slug]) for slug, label in LABELS.items()]


def _right(stage: Stage) -> list[Fact]:
    declared, opening = stage.content.declared, stage.opening
    if declared is None:
        return []
    urgent = stage.content.urgent
    facts = [
        Fact("Droit demandé", typeset(declared.label)),
        Fact("Formulaire", typeset(f"{declared.form.name}, « {declared.form.label} »")),
        Fact("Urgence", typeset(f"Oui : {proof_words(stage)}") if urgent else "Non"),
    ]
    if (origin := stage.content.origin) is not None:
        linked = "Les deux dossiers seront liés, pour qui lit les deux."
        facts.append(Fact("Ouvert par", f"L’orientation {reference(origin)}", linked))
    if opening is None:
        return facts
    return [
        *facts,
        Fact("Envoyé à", opening.row.recipient.name),
        Fact("Permis par", typeset(f"l’article {opening.row.article} de la convention « {opening.title} »")),
        Fact("Délai promis", promise_words(stage.promise)),
    ]


def _questions(stage: Stage) -> list[Fact]:
    content = stage.content
    facts = [Fact(typeset(question(key)), "Oui" if said else "Non") for key, said in content.known.items()]
    facts += [
        Fact(LINKS[one.link], f"{one.surname.upper()} {one.given_name}", f"Naissance : {long_date(one.birth_date)}")
        for one in content.details().household
    ]  # fmt: skip
    if (found := estimated(stage)) is not None:
        verdict, _, doubts = found
        facts.append(
            Fact("Estimation", verdict, " ".join(["Reste chez vous, et ne décide de rien.", *doubts]))
        )
    return facts


def _pieces(stage: Stage) -> list[Fact]:
    content = stage.content
    facts = [
        Fact(one.label, one.standing, " ".join(each.expiry for each in one.scans if each.expiry))
        for one in checked(stage)
        if one.standing != _STANDINGS[Standing.SPARED][0]
    ]
    facts += [
        Fact("Pièce d’un autre droit", one.name, "Elle partirait avec le dossier.") for one in stray(stage)
    ]
    if content.declared is None:
        return []
    return [*facts, *_handing(stage, content)]


def _handing(stage: Stage, content: Content) -> list[Fact]:
    handed, due = content.handed, stage.forward_by
    facts = []
    if handed is not None and stage.hands_over is not False:
        facts.append(Fact("Remis en main propre", f"{long_date(handed.on)}, {HANDED_TO[handed.to].lower()}"))
    if due is not None:
        facts.append(Fact("À transmettre au plus tard", long_date(due), capfirst(due_in(due, stage.today))))
    if content.goes_incomplete:
        facts.append(Fact("Dossier incomplet", "Envoyé sans les pièces qui manquent"))
    if content.words.strip():
        facts.append(Fact("Quelques mots", paragraphs(content.words)))
    return facts


def closes(stage: Stage) -> Refusal:
    """Why what was chosen cannot be filed any more."""
    chosen = stage.content.authorisation
    rows = Authorisation.objects.filter(sender=stage.member.organisation)
    row = rows.filter(id=chosen).first() if chosen else None
    unsaid = unsaid_of(row, stage.member, at=stage.at) if row else None
    if unsaid is not None:
        return without_roles(unsaid)
    return Refusal(
        "Cette demande ne peut plus partir",
        "Aucune convention de votre organisme ne permet aujourd’hui de déposer cette demande à la caisse choisie.",
        "Une convention, signée et en vigueur, dont un flux porte les dossiers de ce droit ; ou un autre choix à l’étape « Droit ».",
        "Le référent des conventions de votre organisme.",
    )


_NONE: Final = Refusal(
    "Votre organisme ne peut pas déposer de dossier de droits depuis Maillage",
    "Aucune de ses conventions en vigueur n’a de flux qui porte des dossiers de droits sur la plateforme.",
    "Une convention, signée et en vigueur, avec un tel flux : celle des PASS en a un (article 4.2).",
    "Le référent des conventions de votre organisme.",
)


def closed_ways(member: Member, *, at: datetime, some: bool) -> list[Refusal]:
    """What of rights conventions in force leave closed, their roles being blank; where `some` way is not open, that nothing is filed."""
    found = [without_roles(one) for one in filing.unsaid(member, at=at)]
    return found if found or some else [_NONE]
