"""A referral in words, for whoever reads it: what was answered, what happened, what comes next."""

from collections.abc import Mapping
from datetime import date, datetime
from itertools import pairwise
from typing import cast
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe

from maillage.beneficiaries.models import Information
from maillage.beneficiaries.rules import MEANS, Identity, Told
from maillage.cases.models import Participation
from maillage.catalogue.services import service_name
from maillage.organisations.member import Member
from maillage.referrals.content import Situation
from maillage.referrals.models import Referral
from maillage.referrals.queries import File
from maillage.referrals.rules import CARE_OUTCOMES, MOTIVES, RIGHTS_OUTCOMES
from maillage.referrals.states import CAISSE_WORDS, SENDER_WORDS, State
from maillage.web.presentation.components import Event, Fact
from maillage.web.presentation.dates import long_date, long_instant
from maillage.web.presentation.numbers import phone
from maillage.web.presentation.tones import Tone
from maillage.web.presentation.typography import NBSP, typeset
from maillage.web.referrals.stage import LABELS, Stage

TONES: dict[State, Tone] = {
    State.SENT: Tone.SOON,
    State.ACKNOWLEDGED: Tone.INFO,
    State.CONTACTED: Tone.INFO,
    State.CLOSED: Tone.GOOD,
}

_NEXT_FOR_CAISSE: dict[State, str] = {
    State.SENT: "Accusez réception : l’organisme qui vous l’a adressée saura que vous l’avez.",
    State.ACKNOWLEDGED: "Contactez la personne, puis notez le jour où vous l’avez jointe.",
    State.CONTACTED: "Accompagnez la personne, puis clôturez en disant ce qu’il en est des soins et des droits.",
    State.CLOSED: "Plus rien à faire.",
}
_NEXT_FOR_SENDER: dict[State, str] = {
    State.SENT: "La caisse doit accuser réception. Vous recevrez un message.",
    State.ACKNOWLEDGED: "La caisse va contacter la personne. Vous recevrez un message quand ce sera fait.",
    State.CONTACTED: "La caisse accompagne la personne. Vous recevrez un message à la fin.",
    State.CLOSED: "Plus rien à faire.",
}


def state_words(role: str, state: str) -> str:
    """The state as the sender, or as the caisse, reads it."""
    return (SENDER_WORDS if role == "sender" else CAISSE_WORDS).get(cast("State", state), "État inconnu")


def next_words(role: str, state: str) -> str:
    """What comes next, for the one who reads."""
    return (_NEXT_FOR_SENDER if role == "sender" else _NEXT_FOR_CAISSE).get(cast("State", state), "")


def tone_of(state: str) -> Tone:
    """The colour of a state; one that this version does not know is shown plainly."""
    return TONES.get(cast("State", state), Tone.NEUTRAL)


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
        Fact("Situation", _paragraphs(narrative) or "Rien de plus n’a été écrit."),
        Fact("Urgence", "Oui : des soins proches sont compromis" if urgent else "Non"),
    ]


def _paragraphs(text: str) -> SafeString:
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


def dates_facts(part: Participation, referral: Referral, member: Member) -> list[Fact]:
    """When a referral was sent, acknowledged, contacted, closed: what is shown to who does not follow it."""
    zone = ZoneInfo(member.time_zone)
    dated: list[tuple[str, datetime | date | None]] = [
        ("Envoyée", referral.sent_at),
        ("Réception accusée", referral.acknowledged_at),
        ("Personne contactée", referral.contacted_on),
        ("Clôturée", referral.closed_at),
    ]
    facts = [Fact("De", part.case.sender.name), Fact("À", part.case.caisse.name)]
    return facts + [
        Fact(what, long_instant(when, zone) if isinstance(when, datetime) else long_date(when))
        for what, when in dated
        if when is not None
    ]


def outcome_words(referral: Referral) -> str:
    """What came of it, on both axes."""
    return f"{CARE_OUTCOMES[referral.care_outcome]} · {RIGHTS_OUTCOMES[referral.rights_outcome]}"


def timeline(file: File, people: Mapping[UUID, str], member: Member) -> list[Event]:
    """All that happened, the oldest first, with who did it."""
    referral, case = file.referral, file.participation.case
    zone = ZoneInfo(member.time_zone)

    def happened(at: datetime | date, title: str, by: UUID | None, body: str, detail: str = "") -> Event:
        when = long_instant(at, zone) if isinstance(at, datetime) else long_date(at)
        who = ", ".join(part for part in (people.get(by, "") if by else "", body) if part)
        return Event(when, title, who, detail)

    sender, caisse = case.sender.name, case.caisse.name
    events = [happened(referral.sent_at, f"Envoyée : {service_name(case.service)}", referral.sent_by, sender)]
    if referral.acknowledged_at:
        events.append(
            happened(referral.acknowledged_at, "Réception accusée", referral.acknowledged_by, caisse)
        )
    if referral.contacted_on:
        events.append(happened(referral.contacted_on, "Personne contactée", referral.contacted_by, caisse))
    if referral.closed_at:
        events.append(
            happened(referral.closed_at, "Clôturée", referral.closed_by, caisse, outcome_words(referral))
        )
    return events
