"""An impact assessment as a tagged PDF; the letter to whoever is asked something and has nobody here. Drawn when asked for."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from maillage.core.french import date_in_words, typeset
from maillage.documents.composition import (
    Block,
    Heading,
    Letter,
    Line,
    Listing,
    Paragraph,
    Part,
    Report,
    Style,
    Table,
    blank,
    text,
)
from maillage.documents.letters import Correspondent, letter
from maillage.privacy.measures import MEASURES
from maillage.protection.assessments.describing import Section
from maillage.protection.assessments.models import Assessment, AssessmentContribution, AssessmentRisk
from maillage.protection.assessments.notifications import reference
from maillage.protection.assessments.queries import scores_of
from maillage.protection.assessments.rules import Decision, FearedEvent, Kind, Level, Stance, level


@dataclass(frozen=True, slots=True)
class Printed:
    """What is printed of one version: `on` is the day of the drawing, `validated_on` None for a draft."""

    row: Assessment
    leader: str
    sections: Sequence[Section]
    risks: Mapping[str, AssessmentRisk]
    contributions: Sequence[AssessmentContribution]
    on: date
    validated_on: date | None


def assessment_report(one: Printed) -> Report:
    """The whole version, to be read and kept."""
    when = (
        f"validée le {date_in_words(one.validated_on)}"
        if one.validated_on
        else f"en préparation, imprimée le {date_in_words(one.on)}"
    )
    return Report(
        title=typeset(f"Analyse d’impact relative à la protection des données : {one.row.scope}"),
        kind_label=typeset("RGPD, article 35"),
        reference=typeset(f"{one.leader}, {reference(one.row.pk)}, version {one.row.number}, {when}"),
        parts=(
            Part(typeset("Description des traitements"), tuple(_described(one.sections))),
            Part(typeset("Nécessité et proportionnalité"), (_said(one.row.necessity, "nécessité et proportionnalité"),)),
            Part(typeset("Mesures de la plateforme"), (_listed(measure.words for measure in MEASURES),)),
            *_risks(one.risks),
            Part(typeset("Contributions et avis"), tuple(_contributions(one.contributions))),
            Part(typeset("Décision"), tuple(_decision(one.row))),
        ),
    )  # fmt: skip


_WANTED: Final = {
    Kind.DOCUMENTATION: "Nous vous demandons la documentation que vous pouvez y apporter.",
    Kind.OPINION: "Nous vous demandons l’avis de votre délégué à la protection des données.",
}


def question_letter(row: AssessmentContribution, *, sender: str, on: date) -> Letter:
    """What is asked of an organisation that has nobody here, with where to answer: by letter."""
    body: list[Block] = [
        Paragraph(
            text(
                typeset("Nous menons l’analyse d’impact (RGPD, article 35) des échanges de données suivants.")
            )
        ),
        Paragraph(text(typeset(row.subject), Style.STRONG)),
        Paragraph(text(typeset(_WANTED[Kind.of(row.kind)]))),
        *(Paragraph(text(typeset(line))) for line in row.question.splitlines() if line.strip()),
        Paragraph(
            text(
                typeset(
                    f"Votre réponse écrite est attendue avant le {date_in_words(row.due_on)}."
                    " Elle sera jointe à l’analyse ; elle ne doit nommer aucune personne accompagnée."
                )
            )
        ),
    ]
    return letter(
        sender=Correspondent(sender, tuple(row.leader.address.splitlines())),
        addressee=Correspondent(row.organisation.name, tuple(row.organisation.address.splitlines())),
        place="",
        written_on=on,
        subject="analyse d’impact relative à la protection des données",
        references=(f"Demande {reference(row.pk)}",),
        body=body,
        signatory="",
    )


def _described(sections: Iterable[Section]) -> Iterable[Block]:
    for section in sections:
        yield Heading(typeset(section.title))
        yield Listing(
            tuple(
                blank(typeset(one.words)) if one.asked else text(typeset(one.words)) for one in section.lines
            )
        )


def _risks(risks: Mapping[str, AssessmentRisk]) -> Iterable[Part]:
    for event in FearedEvent:
        found = risks.get(event.value)
        title = typeset(f"Risque : {event.label}")
        if found is None:
            yield Part(title, (Paragraph(blank("risque à décrire")),))
            continue
        yield Part(
            title,
            (
                _scores(found),
                Heading("Sources"),
                *_paragraphs(found.sources),
                Heading("Impacts"),
                *_paragraphs(found.impacts),
                Heading("Mesures"),
                *_paragraphs(found.measures),
            ),
        )


def _scores(risk: AssessmentRisk) -> Table:
    scores = scores_of(risk)
    before, after = (
        (scores.severity, scores.likelihood),
        (scores.residual_severity, scores.residual_likelihood),
    )
    rows: tuple[tuple[Line, ...], ...] = tuple(
        (
            text(typeset(name), Style.STRONG),
            *(text(f"{one} ({Level(one).label})") for one in (*pair, level(*pair))),
        )
        for name, pair in (("Avant les mesures", before), ("Après les mesures", after))
    )
    return Table(
        typeset("Gravité et vraisemblance, de 1 à 4"),
        ("", "Gravité", "Vraisemblance", "Niveau"),
        rows,
        (2, 2, 2, 2),
    )


def _contributions(rows: Sequence[AssessmentContribution]) -> Iterable[Block]:
    for one in rows:
        yield Heading(typeset(f"{Kind.of(one.kind).label} : {one.organisation.name}"))
        yield Paragraph(text(typeset(f"Demandé pour le {date_in_words(one.due_on)} : {one.question}")))
        if one.answered_at is not None:
            stance = f"{Stance.of(one.stance).label}. " if one.stance else ""
            noted = " (noté d’après l’avis reçu)" if one.is_reported else ""
            yield Paragraph(text(typeset(f"{stance}{one.words}{noted}")))
        elif one.withdrawn_at is not None:
            yield Paragraph(text(typeset("La réponse n’a pas été reçue ; elle n’est plus attendue.")))
        else:
            yield Paragraph(blank("réponse attendue"))
    if not rows:
        yield Paragraph(blank("avis du délégué à la protection des données"))


def _decision(row: Assessment) -> Iterable[Block]:
    yield _said(Decision.of(row.decision).label if row.decision else "", "décision")
    yield (
        Paragraph(text(typeset(f"À revoir au plus tard le {date_in_words(row.review_on)}.")))
        if row.review_on
        else Paragraph(blank("date de révision"))
    )
    if row.lead_reason:
        yield Paragraph(text(typeset(f"Le texte ne dit pas qui mène l’analyse : {row.lead_reason}")))
    if row.digest:
        yield Paragraph(text(typeset(f"Empreinte de la description : {row.digest}"), Style.SMALL))


def _paragraphs(words: str) -> tuple[Paragraph, ...]:
    return tuple(Paragraph(text(typeset(line))) for line in words.splitlines() if line.strip())


def _said(words: str, asked: str) -> Paragraph:
    return Paragraph(text(typeset(words)) if words else blank(asked))


def _listed(lines: Iterable[str]) -> Listing:
    return Listing(tuple(text(typeset(one)) for one in lines))
