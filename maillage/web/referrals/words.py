"""A referral in words, for whoever reads it: what was answered. What happened and what comes next is in `life`."""

from itertools import pairwise

from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe

from maillage.beneficiaries.models import Information
from maillage.beneficiaries.rules import MEANS, Identity, Told
from maillage.referrals.content import Situation
from maillage.referrals.rules import MOTIVES
from maillage.web.presentation.components import Fact
from maillage.web.presentation.dates import long_date
from maillage.web.presentation.numbers import phone
from maillage.web.presentation.typography import NBSP, typeset
from maillage.web.referrals.stage import LABELS, Stage


def person_facts(person: Identity) -> list[Fact]:
    """Who she is and how to reach her; what was not given is left out."""
    given = [
        ("Nom", person.full_name),
        ("Date de naissance", long_date(person.birth_date)),
        ("Téléphone", phone(person.phone)),
        ("Adresse électronique", person.email),
        ("Autre façon de la joindre", person.other_way),
        ("Pour l’appeler sans risque", person.safe_time),
        ("Numéro de sécurité sociale", spaced_nir(person.nir)),
    ]
    return [Fact(term, text) for term, text in given if text]


def spaced_nir(nir: str) -> str:
    """« 2 84 02 42 147 000 69 », unbreakable."""
    if len(nir) != 15:
        return nir
    cuts = (0, 1, 3, 5, 7, 10, 13, 15)
    return NBSP.join(nir[start:end] for start, end in pairwise(cuts))


def situation_facts(motives: tuple[str, ...], narrative: str, *, urgent: bool) -> list[Fact]:
    """Why she is referred."""
    labels = " · ".join(MOTIVES.get(motive, motive) for motive in motives)
    return [
        Fact("Motifs", labels),
        Fact("Situation", paragraphs(narrative) or "Rien de plus n’a été écrit."),
        Fact("Urgence", "Oui : des soins proches sont compromis" if urgent else "Non"),
    ]


def paragraphs(text: str) -> SafeString:
    """The text with its line breaks, as it was written."""
    return format_html_join(mark_safe("<br>"), "{}", ((typeset(line),) for line in text.splitlines()))


def told_facts(told: Told | Information, recipient: str) -> list[Fact]:
    """What she was told of the use of her data."""
    return [
        Fact("Informée le", long_date(told.given_on)),
        Fact("Comment", MEANS[told.means]),
        Fact("Destinataire annoncé", recipient),
    ]


def summary(stage: Stage) -> list[tuple[str, str, list[Fact]]]:
    """The whole draft before it is sent: for each step its title, its address, its answers."""
    content, route = stage.content, stage.route
    facts: dict[str, list[Fact]] = {slug: [] for slug in LABELS}
    if route is not None:
        facts["service"] = [
            Fact("Service", route.name),
            Fact("Envoyée à", route.recipient_name),
            Fact("Permise par", f"l’article {route.article} de la convention « {route.convention_title} »"),
        ]
    if content.person is not None:
        facts["personne"] = person_facts(content.person)
    if content.situation is not None:
        facts["situation"] = _situation(content.situation)
    if content.told is not None:
        facts["information"] = told_facts(content.told, stage.recipient_name)
    return [(label, stage.url(slug), facts[slug]) for slug, label in LABELS.items()]


def _situation(situation: Situation) -> list[Fact]:
    return situation_facts(situation.motives, situation.narrative, urgent=situation.urgent)
