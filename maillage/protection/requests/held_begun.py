"""What was begun about her and not sent, in words and in order, beside her cases: a draft, a file in preparation, a line of a table; and
her enrolment in PRADO, which its caisse alone keeps."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final
from zoneinfo import ZoneInfo

from maillage.beneficiaries.agreement import ANSWERS, HOW, Agreement
from maillage.beneficiaries.rules import MEANS, Told
from maillage.catalogue.facts import CARE, FACTS, RENUNCIATION_REASONS
from maillage.documents.actions import describe
from maillage.organisations.member import Member
from maillage.protection.requests.begun import Begun
from maillage.protection.requests.collecting import fact_line, identity_section
from maillage.protection.requests.held import HeldCase, Line, Section, lines, local, said, sections
from maillage.referrals.begun import BegunDraft, HeldEnrolment
from maillage.referrals.content import Content as DraftContent
from maillage.referrals.enrolments import standing
from maillage.referrals.models import Enrolment, EnrolmentCorrection
from maillage.referrals.prado.rules import REFUSALS, STEPS
from maillage.referrals.rules import MOTIVES
from maillage.rights.begun import BegunFile, BegunLine
from maillage.rights.declared.rights import question, rights
from maillage.rights.rules import HANDED_TO

_STEPS: Final = {
    "situation": "la situation",
    "precisions": "les précisions",
    "service": "le service",
    "person": "la personne",
    "information": "l’information et l’accord",
    "right": "le droit",
    "questions": "les questions",
    "pieces": "les pièces",
}


def held_begun(found: Sequence[Begun], by: Member) -> list[HeldCase]:
    """Each, with all that it holds."""
    zone = ZoneInfo(by.time_zone)
    return [HeldCase("", _title(one), "", sections(*_sections(one), _course(one, zone))) for one in found]


def _title(one: Begun) -> str:
    label = one.key.kind.label
    return f"{label[0].upper()}{label[1:]}{', pas envoyé' if one.key.kind.is_sent else ''}"


def _sections(one: Begun) -> Iterable[Section]:
    if isinstance(one.item, BegunDraft):
        return _draft(one.item.content)
    if isinstance(one.item, HeldEnrolment):
        return _enrolment(one.item)
    return _file(one.item) if isinstance(one.item, BegunFile) else _line(one.item)


def _course(one: Begun, zone: ZoneInfo) -> Section:
    return Section(
        "course",
        "Où cela en est",
        lines(
            ("Commencé par", one.author),
            ("Enregistré le", local(one.saved_at, zone)),
            (
                "Qui l’a reçu",
                "personne : rien n’est envoyé"
                if one.key.kind.is_sent
                else "personne : notre organisme seul la garde",
            ),
        ),
    )


def _draft(content: DraftContent) -> Iterable[Section]:
    situation = content.situation
    told: list[Line] = []
    if situation is not None:
        told += lines(
            ("Motifs", tuple(MOTIVES.get(one, one) for one in situation.motives)), ("Récit", situation.narrative)
        )  # fmt: skip
        told += [(CARE[one.care], RENUNCIATION_REASONS[one.reason]) for one in situation.renunciations]
    facts = {**content.precisions.facts, **(situation.facts if situation else {})}
    told += [fact_line(key, value) for key, value in facts.items() if key in FACTS]
    return (
        identity_section(content.person),
        Section("situation", "Situation", tuple(told)),
        _agreed(content.told, content.agreement),
        _typed(content.typed),
    )


def _file(file: BegunFile) -> Iterable[Section]:
    content, declared = file.content, file.content.declared
    labels = {one.key: one.label for one in declared.pieces} if declared else {}
    household = [
        ("Foyer", f"{one.given_name} {one.surname}, le {one.birth_date:%d/%m/%Y}")
        for one in content.household
    ]
    handed = content.handed
    return (
        identity_section(content.person),
        Section(
            "situation",
            "Demande",
            lines(
                ("Droit demandé", rights()[content.right].label if content.right in rights() else content.right),
                ("Urgent", content.urgent or None),
                *((question(key), value) for key, value in content.answers.items()),
                ("Ressources des douze derniers mois, en euros", content.resources),
                *household,
                ("Remis le", handed.on if handed else None),
                ("Remis à", HANDED_TO.get(handed.to, handed.to) if handed else ""),
                ("Précisions", content.words),
            ),
        ),
        Section(
            "pieces",
            "Pièces",
            tuple((labels.get(one.key, one.key), describe(one.document).name) for one in file.pieces),
        ),
        _agreed(content.told, content.agreement),
        _typed(content.typed),
    )  # fmt: skip


def _line(line: BegunLine) -> Iterable[Section]:
    cells = zip(line.titles, line.cells, strict=False)
    title = f"Tableau « {line.name} », ligne {line.line}"
    return (Section("line", title, lines(*((label or "Sans titre", value) for label, value in cells))),)


def _enrolment(held: HeldEnrolment) -> Iterable[Section]:
    row, mother = held.row, held.mother
    asked = tuple((f"Condition du texte ({key})", said(value)) for key, value in mother.answers.items())
    return (
        Section(
            "identity",
            "Identité",
            lines(("Nom", mother.surname), ("Prénom", mother.given_name), ("Téléphone", mother.phone)),
        ),
        Section(
            "situation",
            "Situation",
            (*(fact_line(key, value) for key, value in mother.facts.items() if key in FACTS), *asked),
        ),
        Section(
            "steps",
            "Ce qui s’est passé",
            lines(
                ("Maternité", row.maternity.name),
                ("Préinscrite le", row.preregistered_on),
                ("Visitée le", row.visited_on),
                ("Offre présentée le", row.presented_on),
                ("Aide à domicile proposée", mother.home_help or None),
                ("Réponse", _answered(row)),
                ("Sage-femme de son choix", mother.midwife),
                ("Où elle en est", STEPS[standing(row)]),
                *(("Noté avant une correction", _before(one, held)) for one in held.corrections),
            ),
        ),
    )  # fmt: skip


def _answered(row: Enrolment | EnrolmentCorrection) -> str:
    """What she answered, and when; nothing before."""
    if not row.answer or row.answered_on is None:
        return ""
    what = "elle adhère" if row.answer == "accepted" else f"elle refuse : {REFUSALS[row.reason].lower()}"
    return f"{what}, le {row.answered_on:%d/%m/%Y}"


def _before(one: EnrolmentCorrection, held: HeldEnrolment) -> str:
    helped = held.mother.home_help_before.get(str(one.pk))
    told = [
        f"offre présentée le {one.presented_on:%d/%m/%Y}",
        "" if helped is None else f"aide à domicile {'' if helped else 'non '}proposée",
        _answered(one) or "pas de réponse",
    ]
    return ", ".join(part for part in told if part)


def _agreed(told: Told | None, agreement: Agreement | None) -> Section:
    found: tuple[Line, ...] = ()
    if told is not None:
        found += lines(("Informée le", told.given_on), ("Comment", MEANS.get(told.means, told.means)))
    if agreement is not None:
        found += lines(
            ("Accord", ANSWERS.get(agreement.answer, agreement.answer)),
            ("Donné", HOW.get(agreement.how, agreement.how)),
            ("Mandat", agreement.mandate),
        )
    return Section("agreement", "Information et accord", found)


def _typed(typed: Mapping[str, Mapping[str, Sequence[str]]]) -> Section:
    """What was typed and refused, kept so that nobody types it again."""
    found = (
        (f"Pour {_STEPS.get(step, step)}", " ; ".join(value for values in fields.values() for value in values if value))
        for step, fields in typed.items()
    )  # fmt: skip
    return Section("typed", "Écrit, à corriger avant d’être accepté", lines(*found))
