"""The life of a referral in words: where it stands, what comes next, what happened, each side in its own words."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Final, cast
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.html import format_html
from django.utils.safestring import SafeString

from maillage.beneficiaries.agreement import HOW, PROGRESS
from maillage.beneficiaries.queries import consent_of
from maillage.cases.models import Participation
from maillage.catalogue.facts import CARE, RENUNCIATION_REASONS
from maillage.catalogue.services import service_name
from maillage.organisations.kinds import is_health_insurance
from maillage.organisations.member import Member
from maillage.referrals.ending.rules import CARE_ANSWERS, RIGHT_OUTCOMES, RIGHTS, answer_of
from maillage.referrals.history import History
from maillage.referrals.models import Pause, Referral, Renunciation
from maillage.referrals.queries import File
from maillage.referrals.rules import CARE_OUTCOMES, END_REASONS, PAUSE_REASONS, RIGHTS_OUTCOMES, WAYS
from maillage.referrals.states import CAISSE_WORDS, ENDS, FORWARDER_WORDS, SENDER_WORDS, State
from maillage.web.presentation.components import Event, Fact
from maillage.web.presentation.dates import long_date, long_instant
from maillage.web.presentation.tones import Tone
from maillage.web.referrals.naming import service_of
from maillage.web.referrals.words import paragraphs

TONES: dict[State, Tone] = {
    State.SENT: Tone.SOON,
    State.ACKNOWLEDGED: Tone.INFO,
    State.ACCEPTED: Tone.INFO,
    State.PAUSED: Tone.SOON,
    State.CLOSED: Tone.GOOD,
    State.REFUSED: Tone.LATE,
    State.WITHDRAWN: Tone.NEUTRAL,
    State.CANCELLED: Tone.NEUTRAL,
    State.REDIRECTED: Tone.SOON,
    State.EXPIRED: Tone.LATE,
}

_NEXT_FOR_CAISSE: dict[State, str] = {
    State.SENT: "Accusez réception : l’organisme qui vous l’a adressée saura que vous l’avez.",
    State.ACKNOWLEDGED: "Dites si vous accompagnez la personne. Vous pouvez l’appeler et poser vos questions d’abord.",
    State.ACCEPTED: "Accompagnez la personne, puis clôturez en disant ce qu’il en est des soins et des droits.",
    State.PAUSED: "Reprenez l’accompagnement quand ce que vous attendez est là, ou clôturez.",
    State.CLOSED: "Plus rien à faire.",
    State.REFUSED: "Plus rien à faire : l’organisme qui vous l’a adressée sait pourquoi.",
    State.WITHDRAWN: "N’appelez plus la personne : plus rien à faire.",
    State.CANCELLED: "Envoyée par erreur : n’appelez pas la personne, plus rien à faire.",
    State.REDIRECTED: "Plus rien à faire : l’organisme qui vous l’a adressée sait vers quel service repartir.",
    State.EXPIRED: "Plus rien à faire ici : l’organisme qui vous l’a adressée est prévenu, il peut vous l’envoyer à nouveau.",
}
_NEXT_FOR_SENDER: dict[State, str] = {
    State.SENT: "La caisse doit accuser réception. Vous recevrez un message.",
    State.ACKNOWLEDGED: "La caisse va dire si elle accompagne la personne. Vous recevrez un message.",
    State.ACCEPTED: "La caisse accompagne la personne. Vous recevrez un message à la fin.",
    State.PAUSED: "La caisse attend avant d’aller plus loin. Vous pouvez débloquer la situation ? Dites-le à la caisse.",
    State.CLOSED: "Plus rien à faire.",
    State.REFUSED: "La caisse dit pourquoi, ci-dessous. Vous pouvez orienter la personne autrement.",
    State.WITHDRAWN: "Cette orientation est arrêtée : la caisse n’appelle plus la personne.",
    State.CANCELLED: "Vous avez annulé cette orientation : elle ne compte pas.",
    State.REDIRECTED: "La caisse indique un autre service. Voyez-le avec la personne, puis repartez d’ici.",
    State.EXPIRED: "Personne n’a accusé réception. Appelez le référent de la caisse, puis repartez avec ce qui est déjà écrit.",
}
_NEXT_FOR_FORWARDER: dict[State, str] = {
    State.SENT: "Le service à qui vous l’avez transmise doit accuser réception. Vous recevrez un message.",
    State.ACKNOWLEDGED: "Le service va dire s’il accompagne la personne. Vous recevrez un message.",
    State.ACCEPTED: "Le service accompagne la personne ; votre propre dossier continue. Vous recevrez un message à la fin.",
    State.PAUSED: "Le service attend avant d’aller plus loin. Vous pouvez débloquer la situation ? Dites-le-lui.",
    State.CLOSED: "Plus rien à faire ici.",
    State.REFUSED: "Le service dit pourquoi, ci-dessous. Voyez la suite dans votre propre dossier.",
    State.WITHDRAWN: "Cette transmission est arrêtée : le service n’appelle plus la personne.",
    State.CANCELLED: "Vous avez annulé cette transmission : elle ne compte pas.",
    State.REDIRECTED: "Le service indique une autre voie. Voyez-la avec la personne, depuis votre propre dossier.",
    State.EXPIRED: "Personne n’a accusé réception. Appelez le référent du service, ou transmettez à nouveau depuis votre propre dossier.",
}
_CALL_HER = "Contactez la personne, puis notez chaque essai : le premier qui aboutit date le contact."
_AWAITING = "En attente d’une réponse de l’organisme qui a orienté."
_ASKED = "La caisse vous pose une question : répondez-lui pour qu’elle avance."
_ASKED_BACK = "Le service vous pose une question : répondez-lui pour qu’il avance."


class Side(StrEnum):
    """Who reads a case: whoever received it, its sender, or a caisse that is the sender because it forwarded a case of its own."""

    RECIPIENT = "recipient"
    SENDER = "sender"
    FORWARDER = "forwarder"


def side_of(role: str, member: Member) -> Side:
    """The side of a member in a case where her organisation has this role."""
    if role == "sender" and is_health_insurance(member.organisation_kind):
        return Side.FORWARDER
    return Side(role)


_STATES: Final[Mapping[Side, Mapping[State, str]]] = {
    Side.RECIPIENT: CAISSE_WORDS,
    Side.SENDER: SENDER_WORDS,
    Side.FORWARDER: FORWARDER_WORDS,
}
_NEXT: Final[Mapping[Side, Mapping[State, str]]] = {
    Side.RECIPIENT: _NEXT_FOR_CAISSE,
    Side.SENDER: _NEXT_FOR_SENDER,
    Side.FORWARDER: _NEXT_FOR_FORWARDER,
}
_WAITS: Final = {Side.RECIPIENT: _AWAITING, Side.SENDER: _ASKED, Side.FORWARDER: _ASKED_BACK}


def state_words(side: Side, state: str) -> str:
    """The state as this side reads it."""
    return _STATES[side].get(cast("State", state), "État inconnu")


_OVER: Final = "Terminée, sans autre nouvelle"
_WITHHELD: Final = (
    "La personne a choisi que la suite reste entre elle et {who}. Vous saurez quand le dossier est terminé."
)
_WITHHELD_OVER: Final = (
    "Ce dossier est terminé. La personne a choisi que la suite reste entre elle et {who} : demandez-lui."
)


def part_words(part: Participation, side: Side) -> str:
    """The state of a case in a list, or on its page, as this side knows it."""
    is_over = part.withheld and part.closed_at is not None and part.state == State.ACKNOWLEDGED
    return _OVER if is_over else state_words(side, part.state)


def next_words(side: Side, referral: Referral, history: History) -> str:
    """What comes next, for the one who reads: an unanswered question first."""
    state = cast("State", referral.state)
    if history.unanswered and not is_over(referral):
        return _WAITS[side]
    if referral.withheld and state == State.ACKNOWLEDGED:
        words = _WITHHELD if referral.closed_at is None else _WITHHELD_OVER
        return words.format(who="le service" if side is Side.FORWARDER else "la caisse")
    if side is Side.RECIPIENT and state == State.ACCEPTED and referral.contacted_on is None:
        return _CALL_HER
    return _NEXT[side].get(state, "")


def is_over(referral: Referral) -> bool:
    """Whether it has ended, also for a side that does not know how."""
    return referral.state in ENDS or referral.closed_at is not None


def tone_of(state: str) -> Tone:
    """The colour of a state; one that this version does not know is shown plainly."""
    return TONES.get(cast("State", state), Tone.NEUTRAL)


def standing_facts(referral: Referral, history: History) -> list[Fact]:
    """Why it waits, or why it ended without an outcome: what one looks for first."""
    if referral.state == State.PAUSED and history.pauses:
        pause = history.pauses[-1]
        return [
            Fact("Pourquoi", PAUSE_REASONS[pause.reason]),
            Fact("À revoir le", long_date(pause.look_again_on)),
        ]
    if referral.state == State.CLOSED:
        return [
            Fact("Soins", CARE_OUTCOMES[referral.care_outcome]),
            Fact("Droits", RIGHTS_OUTCOMES[referral.rights_outcome]),
        ]
    reasons = END_REASONS.get(referral.state)
    if reasons is None:
        return []
    facts = [Fact("Pourquoi", reasons[referral.end_reason])]
    if history.refusal_words:
        facts.append(Fact("Ce que dit le destinataire", paragraphs(history.refusal_words)))
    return facts


HOW_IT_COUNTS: Final = (
    "Soins : réalisés dès que l’un l’est ; sinon refus de la personne, puis injoignable, puis non pertinents, puis autre raison.",
    "Droits : ouverts dès que l’un l’est ; sinon en cours, puis accompagnée, puis refusés.",
    "Les deux sont comptés à part, comme le demande la convention-cadre avec la Croix-Rouge (article 4).",
)
"""The rules of `ending.rules`, in words."""


def outcome_facts(referral: Referral, history: History) -> list[Fact]:
    """What came of each care and of each right so far; care that an end left without an outcome says so."""
    if referral.withheld:
        return []
    unsettled = "Sans issue notée" if referral.state in ENDS else "Pas encore d’issue"
    cares = [
        Fact(
            CARE.get(row.care, row.care),
            CARE_ANSWERS.get(answer_of(row.outcome, row.why), unsettled),
            _noted(row),
        )
        for row in history.renunciations
    ]
    return cares + [
        Fact(RIGHTS.get(row.right, row.right), RIGHT_OUTCOMES.get(row.outcome, row.outcome))
        for row in history.rights
    ]


def _noted(row: Renunciation) -> str:
    reason = RENUNCIATION_REASONS.get(row.reason, row.reason)
    return f"{reason}. Repéré par qui l’accompagne." if row.found_by == "recipient" else f"{reason}."


def dates_facts(part: Participation, referral: Referral, member: Member) -> list[Fact]:
    """When a referral was sent, acknowledged, accepted, ended: what is shown to who does not follow it."""
    zone = ZoneInfo(member.time_zone)
    dated: list[tuple[str, datetime | date | None]] = [
        ("Envoyée", referral.sent_at),
        ("Réception accusée", referral.acknowledged_at),
        ("Acceptée", referral.accepted_at),
        ("Personne contactée", referral.contacted_on),
        (_ENDED.get(referral.state, "Terminée"), referral.closed_at),
    ]
    facts = [Fact("De", part.case.sender.name), Fact("À", part.case.caisse.name)]
    return facts + [
        Fact(what, long_instant(when, zone) if isinstance(when, datetime) else long_date(when))
        for what, when in dated
        if when is not None
    ]


_ENDED = {
    "closed": "Clôturée",
    "refused": "Refusée",
    "withdrawn": "Arrêtée",
    "cancelled": "Annulée",
    "redirected": "Redirigée",
    "expired": "Expirée, sans accusé de réception",
}


def outcome_words(referral: Referral) -> str:
    """What came of it, on both axes; or why nothing did."""
    if referral.state == State.CLOSED:
        return f"{CARE_OUTCOMES[referral.care_outcome]} · {RIGHTS_OUTCOMES[referral.rights_outcome]}"
    return END_REASONS.get(referral.state, {}).get(referral.end_reason, "")


Happened = tuple[datetime | date, datetime, str, UUID | None, bool, str | SafeString]
"""What is dated, the instant that orders it, its title, who did it, whether of the sender's side, its detail."""


def timeline(file: File, people: Mapping[UUID, str], member: Member) -> list[Event]:
    """All that happened, the oldest first, with who did it."""
    case, zone = file.participation.case, ZoneInfo(member.time_zone)

    def day(one: Happened) -> tuple[date, datetime]:
        dated = one[0]
        return (dated.astimezone(zone).date() if isinstance(dated, datetime) else dated), one[1]

    events = []
    for at, _, title, by, by_sender, detail in sorted(_happened(file), key=day):
        body = case.sender.name if by_sender else case.caisse.name
        when = long_instant(at, zone) if isinstance(at, datetime) else long_date(at)
        who = ", ".join(part for part in (people.get(by, "") if by else "", body) if part)
        events.append(Event(when, title, who, detail))
    return events


def _happened(file: File) -> Iterator[Happened]:
    referral, history = file.referral, file.history
    service = service_of(file.participation.case)
    yield _at(referral.sent_at, f"Envoyée : {service}", referral.sent_by, by_sender=True)
    if referral.acknowledged_at:
        yield _at(referral.acknowledged_at, "Réception accusée", referral.acknowledged_by)
    if referral.accepted_at:
        yield _at(referral.accepted_at, "Acceptée", referral.accepted_by)
    yield from _attempts(history)
    for sent_on in history.forwarded:
        where = f"Transmise : {service_name(sent_on.service)}"
        yield _at(sent_on.at, where, sent_on.by, detail=f"À {sent_on.recipient}, article {sent_on.article}")
    for pause in history.pauses:
        yield _at(pause.began_at, "Mise en pause", pause.began_by, detail=_pause_detail(pause))
        if pause.resumed_at:
            yield _at(pause.resumed_at, "Reprise", pause.resumed_by)
    yield from _questions(history)
    yield from _choices(history)
    if referral.closed_at:
        by_sender = referral.state in (State.WITHDRAWN, State.CANCELLED) and not _said_to_caisse(file)
        title = _ENDED.get(referral.state, "Terminée")
        said = _end_detail(referral, history)
        yield _at(referral.closed_at, title, referral.closed_by, by_sender=by_sender, detail=said)


def _attempts(history: History) -> Iterator[Happened]:
    for attempt in history.attempts:
        title = "Personne contactée" if attempt.reached else "Personne non jointe"
        detail = f"{WAYS[attempt.way]}. Noté par erreur, rayé." if attempt.struck_at else WAYS[attempt.way]
        yield attempt.day, attempt.noted_at, title, attempt.noted_by, False, detail
        if attempt.struck_at:
            yield _at(attempt.struck_at, f"Essai rayé, du {long_date(attempt.day)}", attempt.struck_by)


def _questions(history: History) -> Iterator[Happened]:
    for asked in history.questions:
        row = asked.row
        yield _at(row.asked_at, "Question posée", row.asked_by, detail=paragraphs(asked.question))
        if row.withdrawn_at:
            yield _at(row.withdrawn_at, "Question retirée", row.withdrawn_by)
        if row.answered_at:
            detail = paragraphs(asked.answer)
            yield _at(row.answered_at, "Réponse donnée", row.answered_by, by_sender=True, detail=detail)


def _choices(history: History) -> Iterator[Happened]:
    """What she let return otherwise, and what it was before."""
    for choice in history.choices:
        said = f"{PROGRESS[choice.progress]} (avant : {PROGRESS[choice.former].lower()})."
        detail = f"{said} {HOW[choice.how]}, le {long_date(choice.said_on)}."
        title = "Nouveau choix de la personne sur ce qui revient à qui l’oriente"
        by_sender = choice.said_to == "sender"
        yield _at(choice.noted_at, title, choice.noted_by, by_sender=by_sender, detail=detail)


def _said_to_caisse(file: File) -> bool:
    """Whether the person took back her agreement by telling the caisse."""
    agreed = consent_of(file.participation.case)
    return agreed is not None and agreed.withdrawn_to == "recipient"


def _at(
    instant: datetime, title: str, by: UUID | None, *, by_sender: bool = False, detail: str | SafeString = ""
) -> Happened:
    return instant, instant, title, by, by_sender, detail


def _pause_detail(pause: Pause) -> str:
    return f"{PAUSE_REASONS[pause.reason]}. À revoir le {long_date(pause.look_again_on)}."


def _end_detail(referral: Referral, history: History) -> str | SafeString:
    if not history.refusal_words:
        return outcome_words(referral)
    return format_html("{}<br>{}", outcome_words(referral), paragraphs(history.refusal_words))
