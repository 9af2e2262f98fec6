"""Referrals of the demonstration: four at different moments of their life, from the Croix-Rouge to the caisse to its social
service, and PRADO under a local text, with a mother to visit."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final
from uuid import UUID, uuid5

from django.db import transaction

from maillage.beneficiaries.agreement import Agreement
from maillage.beneficiaries.rules import Identity, Told
from maillage.cases.models import Authorisation, Case
from maillage.conventions import library
from maillage.conventions.data_roles.actions import Accepted, accept_start
from maillage.conventions.lifecycle.completing import fill_after_signature
from maillage.conventions.lifecycle.queries import visible_to
from maillage.conventions.terms import Terms
from maillage.conventions.terms.filling import drop
from maillage.conventions.terms.identity import Level
from maillage.conventions.terms.parties import BodyKind
from maillage.core.clock import now, today
from maillage.core.identifiers import uuid7
from maillage.core.row_security import acting
from maillage.demo.conventions import PARIS, acting_for, body_of, convention_id, is_there
from maillage.demo.local import conclude_locally
from maillage.demo.secondments import NAME as LOCAL
from maillage.referrals import actions, enrolling, working
from maillage.referrals.content import Content, Precisions, Situation
from maillage.referrals.drafts import begin
from maillage.referrals.enrolment_files import Mother
from maillage.referrals.forwarding import actions as forwarding
from maillage.referrals.forwarding.carrying import content_of
from maillage.referrals.forwarding.sequels import sequels
from maillage.referrals.queries import file_of, referral_of
from maillage.referrals.routing.situation import Renunciation

PRADO: Final = "prado_local"
CCAS: Final = "ccas_montbrison_2024"
_BRANCHES: Final = {"cnamts": "cpam", "cnaf": "caf"}
_WORKER: Final = ("croix_rouge", "accueil@croix-rouge.example.org")
_ADVISER: Final = ("cpam", "conseil@cpam.example.org")
_AGREES: Final = Agreement("agreed", "all", "oral")


@dataclass(frozen=True)
class Story:
    """Someone who does not exist, what stops her, and what the caisse has done so far."""

    surname: str
    given_name: str
    born: date
    motive: str
    care: tuple[str, str]
    narrative: str
    then: Callable[[UUID], None] | None = None
    urgent: bool = False


def load_referrals() -> None:
    """Enter what is missing, each convention and all its cases at once, so that they are there whole or not at all."""
    with transaction.atomic(), acting(organisation=body_of(_WORKER[0]).id):
        sent = Case.objects.filter(convention_id=convention_id(LOCAL), kind="referral").exists()
    if not sent:
        with transaction.atomic(), acting_for(*_WORKER):
            _agree_on_the_way()
            _start_without_roles()
            for story in STORIES:
                case = _send(story)
                if story.then:
                    story.then(case)
    if is_there(convention_id(PRADO), "cpam"):
        return
    with transaction.atomic(), acting_for("cpam") as drafter:
        conclude_locally(
            convention_id(PRADO),
            prado_text(),
            {party: body_of(key).id for party, key in _BRANCHES.items()},
            drafter,
            since=timedelta(days=40),
            signers=_BRANCHES,
        )
        _enrol()


def prado_text() -> Terms:
    """The national text, signed by the local bodies of the two branches (S0 art. 2.3)."""
    survey = "commitments[enquete_reseau]"  # of the national bodies, not of two local ones
    terms = drop(library.load("prado_maternite_2016"), survey)
    local = {
        "cnamts": {"name": "Caisse primaire d’assurance maladie de la Loire", "short_name": "CPAM 42", "kind": BodyKind.CPAM},
        "cnaf": {"name": "Caisse d’allocations familiales de la Loire", "short_name": "CAF 42", "kind": BodyKind.CAF},
    }  # fmt: skip
    parties = tuple(one.model_copy(update={**local[one.key], "address": None}) for one in terms.parties)
    return terms.model_copy(
        update={
            "id": "prado-local",
            "title": "PRADO maternité dans la Loire, CPAM et CAF",
            "level": Level.LOCAL,
            "place": "Saint-Étienne",
            "source": None,
            "signatures": (),
            "parties": parties,
        }
    )


def _agree_on_the_way() -> None:
    """The framework is silent on how the caisse forwards to the social service (S4 art. 9): its parties agreed on Maillage."""
    with acting_for("cpam") as officer:
        fill_after_signature(
            convention=visible_to(officer).get(id=convention_id(LOCAL)),
            path="flows[transmission_ssam].channels",
            value=[{"kind": "platform"}],
            by=officer,
            at=now(),
            note="Convenu entre les référents des trois parties",
            fact_id=uuid5(convention_id(LOCAL), "canal_transmission_ssam"),
        )


_WITHOUT_ROLES: Final = (
    (LOCAL, "transmission_ssam", "cpam", "dpo@cpam.example.org"),
    (LOCAL, "transmission_ssam", "carsat", "admin@carsat.example.org"),
    (CCAS, "orientation_misas", "cpam", "dpo@cpam.example.org"),
    (CCAS, "orientation_misas", "ccas", "admin@ccas.example.org"),
)


def _start_without_roles() -> None:
    """Two texts do not say who answers for the data on a way: both sides accept in writing to start without (ADR 40).

    The one of the framework is silent; annex 6 of the CCAS's, which would say it, is missing.
    """
    for name, flow, body, address in _WITHOUT_ROLES:
        with acting_for(body, address) as officer:
            accept_start(
                convention=visible_to(officer).get(id=convention_id(name)),
                flow=flow,
                accepted=Accepted(
                    uuid5(convention_id(name), f"sans_roles {body}"),
                    today(PARIS),
                    "Chacun répond déjà des données qu’il reçoit ; l’écrit qui le dit est en préparation.",
                ),
                by=officer,
                at=now(),
            )


def _told() -> Told:
    return Told(today(PARIS), "oral", recipient_named=True)


def _send(story: Story) -> UUID:
    care, reason = story.care
    with acting_for(*_WORKER) as worker:
        allowed = Authorisation.objects.get(convention_id=convention_id(LOCAL), flow_key="orientation_misas")
        facts = {"first_level_given": True, "request_expressed": True, "care_imminent": story.urgent}
        content = Content(
            authorisation=allowed.id,
            person=Identity(story.surname, story.given_name, story.born, phone="06 00 00 00 20"),
            situation=Situation(
                (story.motive,), story.narrative, (Renunciation(care=care, reason=reason),), facts
            ),
            precisions=Precisions({"received_here": True, "agrees": True}),
            told=_told(),
            agreement=_AGREES,
        )
        draft = begin(token=uuid7(), content=content, by=worker, at=now())
        return actions.send(draft=draft, by=worker, at=now())


def _take(case: UUID) -> None:
    """Received, accompanied, reached by telephone."""
    with acting_for(*_ADVISER) as adviser:
        referral = referral_of(adviser, case)
        working.acknowledge(referral=referral, by=adviser, at=now())
        working.accept(referral=referral, by=adviser, at=now())
        tried = working.Tried(uuid7(), today(PARIS), "call", reached=True)
        working.contact(referral=referral, tried=tried, by=adviser, at=now())


def _redirect(case: UUID) -> None:
    """Her rights first: it is hers who sent it to go on, from « À faire »."""
    with acting_for(*_ADVISER) as adviser:
        referral = referral_of(adviser, case)
        working.acknowledge(referral=referral, by=adviser, at=now())
        forwarding.redirect(
            referral=referral,
            target="flows.depot_dossiers",
            reason="comes_first",
            words="Ses droits d’abord : joignez ses ressources de l’an dernier.",
            by=adviser,
            at=now(),
        )


def _forward(case: UUID) -> None:
    """Taken, then forwarded to the social service, which has it to acknowledge."""
    _take(case)
    with acting_for(*_ADVISER) as adviser:
        referral = referral_of(adviser, case)
        (sequel,) = sequels(referral.case, adviser, at=now())
        content = content_of(file_of(adviser, case))
        facts = {**content.precisions.facts, "social_needs": frozenset({"complex_obstacles"})}
        content = replace(
            content,
            authorisation=sequel.id,
            precisions=Precisions(facts),
            told=_told(),
            agreement=_AGREES,
        )
        forwarding.forward(referral=referral, new=uuid7(), content=content, by=adviser, at=now())


def _enrol() -> None:
    """A mother, pre-registered by her maternity, to visit."""
    with acting_for(*_ADVISER) as adviser:
        maternity = body_of("hospital").id
        begun = enrolling.Begun(uuid7(), maternity, Mother("Factice", "Héloïse", "0600000021"), today(PARIS))
        enrolling.enrol(convention=convention_id(PRADO), begun=begun, by=adviser, at=now())


STORIES: Final = (
    Story(
        "Exempleur", "Joséphine", date(1951, 3, 2), "no_appointment", ("other_specialists", "time"),
        "Opération prévue le mois prochain ; personne ne la conduit.", urgent=True,
    ),
    Story("Echantillon", "Karim", date(1988, 7, 14), "cost", ("dental_prosthetic", "cost"), "Repousse depuis un an.", _take),
    Story("Modelisse", "Lilas", date(1996, 11, 5), "cost", ("optics", "cost"), "N’a plus de mutuelle.", _redirect),
    Story(
        "Gabarit", "Marius", date(1962, 1, 23), "cost", ("optics", "cost"),
        "Vit seul, ne répond plus aux courriers.", _forward,
    ),
)  # fmt: skip
