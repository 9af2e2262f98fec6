"""A referral in words, for whoever reads it: what was answered. What happened and what comes next is in `life`."""

from collections.abc import Iterable
from dataclasses import replace
from itertools import pairwise

from django.utils.safestring import SafeString

from maillage.beneficiaries.rules import Identity
from maillage.referrals.content import Situation
from maillage.referrals.leaving import KEPT_ELSEWHERE, Kept, Leaving, leaving
from maillage.referrals.queries import File
from maillage.referrals.rules import MOTIVES
from maillage.web.presentation.components import Fact
from maillage.web.presentation.dates import long_date
from maillage.web.presentation.numbers import phone
from maillage.web.presentation.typography import NBSP, typeset
from maillage.web.referrals.agreeing import agreement_facts
from maillage.web.referrals.facts import (
    TERMS,
    kept_facts,
    known_facts,
    lines_of,
    renounced_words,
    urgency_of,
    urgency_words,
)
from maillage.web.referrals.stage import LABELS, Stage
from maillage.web.referrals.told import told_facts


def person_facts(person: Identity) -> list[Fact]:
    """Who she is and how to reach her; what was not given is left out."""
    given = [
        ("Nom", person.full_name),
        ("Date de naissance", long_date(person.birth_date)),
        ("Représentée par", person.representative),
        ("À savoir", "Ne pas l’appeler" if person.do_not_call else ""),
        ("Téléphone", phone(person.phone)),
        ("Adresse électronique", person.email),
        ("Autre façon de la joindre", person.other_way),
        ("Pour la joindre sans risque", person.safe_time),
        ("Langue", person.language),
        ("Numéro de sécurité sociale", spaced_nir(person.nir)),
    ]
    return [Fact(term, text) for term, text in given if text]


def spaced_nir(nir: str) -> str:
    """« 2 84 02 42 147 000 69 », unbreakable."""
    if len(nir) != 15:
        return nir
    cuts = (0, 1, 3, 5, 7, 10, 13, 15)
    return NBSP.join(nir[start:end] for start, end in pairwise(cuts))


def situation_facts(
    motives: tuple[str, ...],
    narrative: str,
    *,
    urgent: bool,
    renunciations: Iterable[tuple[str, str]] = (),
    kept: Kept | None = None,
    with_account: bool = True,
) -> list[Fact]:
    """Why she is referred: motives, care she goes without, her situation in words, urgency, and what the text asks."""
    known = kept or Kept()
    renounced = renounced_words(renunciations)
    return [
        Fact("Motifs", " · ".join(MOTIVES.get(motive, motive) for motive in motives)),
        *([Fact("Soins auxquels elle renonce", renounced)] if renounced else []),
        *(
            [Fact("Situation", paragraphs(narrative) or "Rien de plus n’a été écrit.")]
            if with_account
            else []
        ),
        Fact("Urgence", urgency_words(known.facts, urgent=urgent)),
        *kept_facts(known),
    ]


def described_facts(file: File) -> list[Fact]:
    """The situation of a referral that was sent, as both sides read it."""
    return situation_facts(
        tuple(file.referral.motives),
        file.narrative,
        urgent=file.referral.urgent,
        renunciations=file.renunciations,
        kept=file.kept,
    )


def paragraphs(text: str) -> SafeString:
    """The text with its line breaks, as it was written."""
    return lines_of(text.splitlines())


def summary(stage: Stage) -> list[tuple[str, str, list[Fact]]]:
    """The whole draft before it is sent: for each step its title, its address, its answers."""
    content, route = stage.content, stage.route
    facts: dict[str, list[Fact]] = {slug: [] for slug in LABELS}
    if route is not None:
        facts["service"] = [
            Fact("Service", typeset(route.name)),
            Fact("Envoyée à", route.recipient_name),
            Fact("Permise par", f"l’article {route.article} de la convention « {route.convention_title} »"),
        ]
    if content.person is not None:
        facts["personne"] = person_facts(content.person)
    if content.situation is not None:
        facts["situation"] = _situation(content.situation, stage)
    facts["precisions"] = _precisions(stage)
    if content.told is not None:
        facts["information"] = told_facts(content.told, stage.recipient_name)
        if content.agreement is not None:
            facts["information"] += agreement_facts(content.agreement, content.agreement.mandate)
    return [(label, stage.url(slug), facts[slug]) for slug, label in LABELS.items()]


_STAYS = "Reste chez vous : cette orientation n’en a pas besoin."


def _situation(situation: Situation, stage: Stage) -> list[Fact]:
    """What the sender described; where the convention lets only some data leave, what stays says so."""
    sent = _leaving(stage)
    pairs = [(one.care, one.reason) for one in situation.renunciations]
    shown = situation_facts(
        situation.motives,
        situation.narrative,
        urgent=stage.content.urgent,
        renunciations=pairs,
        kept=Kept({**situation.facts, **urgency_of(stage.content.facts())}),
    )
    stays = {
        "Soins auxquels elle renonce": bool(sent and pairs and not sent.renunciations),
        "Situation": bool(sent and situation.narrative and not sent.narrative),
        **{TERMS[key]: bool(sent and key not in sent.kept.facts) for key in situation.facts},
    }
    return [replace(fact, detail=_STAYS) if stays.get(fact.term) else fact for fact in shown]


def _precisions(stage: Stage) -> list[Fact]:
    sent, given = _leaving(stage), stage.content.precisions
    stays = {key: _STAYS for key in given.facts if sent and key not in {*sent.kept.facts, *KEPT_ELSEWHERE}}
    words = stage.conventions.words()
    lines = [
        Fact(words[key], "Oui" if answer else "Non") for key, answer in given.answers.items() if key in words
    ]
    return known_facts(given.facts, details=stays) + lines


def _leaving(stage: Stage) -> Leaving | None:
    """What would leave by the chosen route; None while none is chosen."""
    route = stage.proposal.route if stage.proposal else None
    return leaving(stage.content, route) if route else None
