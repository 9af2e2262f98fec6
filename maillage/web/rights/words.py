"""An application in words: where it stands, what comes next, what was filed, what happened; each side in its own words."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final, cast

from django.urls import reverse

from maillage.cases.beside import Beside
from maillage.cases.models import Participation
from maillage.conventions.terms.terms import Terms
from maillage.referrals.references import reference
from maillage.rights.content import LINKS, Details
from maillage.rights.declared.rights import question, right_label, rights
from maillage.rights.models import Application, ApplicationEvent
from maillage.rights.queries import File
from maillage.rights.rules import AGAIN_REASONS, END_REASONS, HANDED_TO, NOTIFIED_BY
from maillage.rights.states import CAISSE_WORDS, DECIDED, PARTNER_WORDS, State
from maillage.web.presentation.components import Event, Fact
from maillage.web.presentation.dates import due_in, long_date
from maillage.web.presentation.numbers import counted
from maillage.web.presentation.tones import Tone
from maillage.web.referrals.words import paragraphs

TONES: Final[Mapping[State, Tone]] = {
    State.SENT: Tone.SOON,
    State.RECEIVED: Tone.INFO,
    State.INCOMPLETE: Tone.SOON,
    State.COMPLETE: Tone.INFO,
    State.GRANTED: Tone.GOOD,
    State.REFUSED: Tone.LATE,
    State.WITHDRAWN: Tone.NEUTRAL,
    State.CANCELLED: Tone.NEUTRAL,
}
_CAISSE_NEXT: Final[Mapping[State, str]] = {
    State.SENT: "Enregistrez la réception : les deux délais commencent ce jour-là.",
    State.RECEIVED: "Vérifiez le dossier : dites qu’il est complet, ou demandez tout ce qui manque, en une fois.",
    State.INCOMPLETE: "Le partenaire doit envoyer ce que vous avez demandé. Si les pièces vous arrivent autrement, notez-le.",
    State.COMPLETE: "Décidez : le droit s’ouvre, ou il est refusé.",
    State.GRANTED: "Prévenez la personne que son droit est ouvert, puis notez comment.",
    State.REFUSED: "Prévenez la personne, avec la raison et les voies de recours, puis notez comment.",
    State.WITHDRAWN: "Plus rien à faire : le partenaire a retiré cette demande.",
    State.CANCELLED: "Plus rien à faire : cette demande était envoyée par erreur, elle ne compte pas.",
}
_PARTNER_NEXT: Final[Mapping[State, str]] = {
    State.SENT: "La caisse doit enregistrer la réception. Vous recevrez un message.",
    State.RECEIVED: "La caisse vérifie le dossier. S’il manque quelque chose, elle vous le demande, en une fois.",
    State.INCOMPLETE: "Ajoutez les pièces demandées, puis dites que tout est envoyé : la caisse ne décide pas avant.",
    State.COMPLETE: "Le dossier est complet : la caisse décide. Vous recevrez un message.",
    State.GRANTED: "Le droit est ouvert : dites-le à la personne. Plus rien à faire.",
    State.REFUSED: "La caisse dit pourquoi, ci-dessous. Voyez avec la personne si elle conteste, ou si une autre demande convient.",
    State.WITHDRAWN: "Vous avez retiré cette demande : plus rien à faire.",
    State.CANCELLED: "Vous avez annulé cette demande : elle ne compte pas.",
}
_EVENTS: Final[Mapping[str, str]] = {
    "handed_over": "Dossier remis en main propre",
    "sent": "Dossier envoyé à la caisse",
    "received": "Réception enregistrée par la caisse",
    "completed": "Dossier complet",
    "asked": "Pièces demandées",
    "answered": "Pièces reçues",
    "granted": "Droit ouvert",
    "refused": "Demande refusée",
    "silence": "Fin du délai de la loi, sans décision",
    "notified": "Personne prévenue de la décision",
    "withdrawn": "Demande retirée",
    "cancelled": "Demande annulée : envoyée par erreur",
}


def state_words(role: str, state: str) -> str:
    """The state as this side reads it."""
    words = CAISSE_WORDS if role == "recipient" else PARTNER_WORDS
    return words.get(cast("State", state), "État inconnu")


def tone_of(state: str) -> Tone:
    """The colour of a state."""
    return TONES.get(cast("State", state), Tone.NEUTRAL)


def next_words(role: str, application: Application, *, waits: bool) -> str:
    """What comes next, for the one who reads. `waits`: pieces that do not suspend anything are awaited."""
    state = cast("State", application.state)
    if role == "recipient":
        if state in DECIDED and application.notified_on is not None:
            return "Plus rien à faire : la personne est prévenue."
        return _CAISSE_NEXT.get(state, "")
    words = _PARTNER_NEXT.get(state, "")
    if waits and state != State.INCOMPLETE and application.closed_at is None:
        words += " Elle attend encore des pièces, sans s’arrêter pour elles."
    return words


def running_words(one: Beside) -> tuple[str, str]:
    """Another application under way for the same person and right, and its address: closed to whoever does not follow it."""
    part = one.part
    words = (
        f"{reference(part.case_id)}, envoyée par {part.case.sender.short_name} le {long_date(part.since)} : "
        f"{state_words(part.role, part.state)}."
    )
    if not one.is_open:
        words += f" Suivie par {', '.join(one.followers)}." if one.followers else " Personne ne la suit."
    return words, reverse("rights:application", args=[part.case_id])


def filed_facts(application: Application, part: Participation, terms: Terms | None) -> list[Fact]:
    """What was filed: which right, urgent by which proof, handed over when and to whom, until when it is to be forwarded."""
    declared = rights().get(application.right)
    facts = [
        Fact("Droit demandé", right_label(application.right), declared.form.name if declared else ""),
        Fact("Déposé par", part.case.sender.name),
        Fact("Envoyé à", part.case.caisse.name),
    ]
    if application.urgent:
        facts.append(Fact("Urgence", "Demande urgente", f"Preuve : {proof_words(application.proof, terms)}."))
    if application.handed_on is not None:
        facts.append(
            Fact(
                "Remise en main propre",
                f"Le {long_date(application.handed_on)}",
                f"{HANDED_TO[application.handed_to]}.",
            )
        )
    return facts


def forward_facts(application: Application, *, sent: date) -> list[Fact]:
    """Until when a file handed over at a partner's was to reach the caisse, and whether it did; none where nothing says so."""
    last = application.forward_by
    if last is None:
        return []
    how = "à temps" if sent <= last else due_in(last, sent)
    return [
        Fact(
            "À transmettre à la caisse",
            f"Le {long_date(last)} au plus tard",
            f"Envoyé le {long_date(sent)}, {how}.",
        )
    ]


def proof_words(proof: str, terms: Terms | None) -> str:
    """The proof of urgency as the convention calls it."""
    clocks = terms.clocks if terms is not None else ()
    return next((item.label for clock in clocks for item in clock.proofs if item.key == proof), proof)


def details_facts(details: Details) -> list[Fact]:
    """What was answered for the check-list, the household, the partner's words."""
    facts = [Fact(question(key), "Oui" if answer else "Non") for key, answer in details.answers.items()]
    facts += [
        Fact(
            LINKS.get(one.link, one.link),
            f"{one.surname.upper()} {one.given_name}",
            f"Né·e le {long_date(one.birth_date)}.",
        )
        for one in details.household
    ]
    return facts + ([Fact("Ce qu’en dit le partenaire", paragraphs(details.words))] if details.words else [])


def decision_facts(application: Application, words: str) -> list[Fact]:
    """What was decided, since when, why; what it pays of the hospital's invoice; and how the person was told."""
    facts = []
    if application.state == State.GRANTED and application.opens_on is not None:
        facts.append(Fact("Droit ouvert", right_label(application.opened), _by_silence(application)))
        until = (
            f", jusqu’au {long_date(application.ends_on)}" if application.ends_on else ", sans date de fin"
        )
        facts.append(Fact("Du", f"{long_date(application.opens_on)}{until}"))
        if application.covers_on is not None:
            facts.append(
                Fact(
                    "Soins couverts depuis le",
                    long_date(application.covers_on),
                    "La facture des soins donnés à partir de ce jour est prise en charge par ce droit.",
                )
            )
    reasons = END_REASONS.get(application.state)
    if reasons is not None:
        facts.append(Fact("Pourquoi", reasons.get(application.end_reason, application.end_reason)))
    if words:
        facts.append(Fact("Ce que dit la caisse", paragraphs(words)))
    if application.notified_on is not None:
        facts.append(
            Fact(
                "Personne prévenue",
                f"Le {long_date(application.notified_on)}",
                f"{NOTIFIED_BY[application.notified_how]}.",
            )
        )
    return facts


def _by_silence(application: Application) -> str:
    return "Par le silence de la caisse, que la loi tient pour un accord." if application.by_silence else ""


def dates_facts(part: Participation, application: Application) -> list[Fact]:
    """Where it stands, for a colleague who does not follow it: no identity, no piece."""
    dated = [
        ("Envoyée le", long_date(application.sent_at)),
        ("Reçue par la caisse le", long_date(application.received_on) if application.received_on else ""),
        ("Complète le", long_date(application.complete_on) if application.complete_on else ""),
        ("Décidée le", long_date(application.decided_on) if application.decided_on else ""),
    ]
    facts = [Fact("De", part.case.sender.name), Fact("À", part.case.caisse.name)]
    return facts + [Fact(what, when) for what, when in dated if when]


def timeline(file: File) -> list[Event]:
    """All that happened, the oldest first, with who noted it."""
    case = file.participation.case
    events = []
    for one in file.events:
        body = case.sender.name if one.organisation_id == case.sender_id else case.caisse.name
        who = file.people.get(one.noted_by, "") if one.noted_by else "Maillage"
        detail = _detail(one, file)
        signed = f"{who}, {body}" if one.noted_by else who
        events.append(Event(long_date(one.day), _EVENTS.get(one.kind, one.kind), signed.strip(", "), detail))
    return events


def _detail(event: ApplicationEvent, file: File) -> str:
    asked = next((row for row in file.requests if row.id == event.about), None)
    if event.kind == "asked" and asked is not None:
        again = f" Nouvelle demande : {AGAIN_REASONS[asked.again].lower()}." if asked.again else ""
        return f"{counted(len(asked.keys), 'pièce')}.{again}"
    if event.kind == "handed_over":
        return f"{HANDED_TO.get(file.application.handed_to, '')}."
    if event.kind == "silence":
        return (
            "Le silence de la caisse vaut accord."
            if file.application.silence == "acceptance"
            else "Le silence de la caisse vaut refus : la personne peut contester, et la caisse peut encore décider."
        )
    return ""


def piece_labels(right: str, keys: Sequence[str]) -> list[str]:
    """The pieces by their names, in the order of their right."""
    declared = rights().get(right)
    known = {piece.key: piece.label for piece in declared.taken(urgent=True)} if declared else {}
    return [label for key, label in known.items() if key in keys] + [key for key in keys if key not in known]
