"""A suspected breach of each world: told to its parties, a decision proposed, a document in its file, by the real actions."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.core.files.base import ContentFile

from maillage.conventions.lifecycle.models import Convention
from maillage.conventions.lifecycle.queries import load
from maillage.core.clock import now
from maillage.core.identifiers import uuid7
from maillage.protection.assessments.asking import Answered
from maillage.protection.assessments.asking import answer as contribute
from maillage.protection.assessments.asking import ask as ask_contribution
from maillage.protection.assessments.queries import kind_of_flow
from maillage.protection.assessments.writing import open_version, write_necessity
from maillage.protection.authorisations.answering import Said, answer
from maillage.protection.authorisations.asking import Asked, who_authorises
from maillage.protection.authorisations.asking import ask as ask_for
from maillage.protection.authorisations.rules import Kind, regimes
from maillage.protection.breaches.deciding import Words, propose
from maillage.protection.breaches.following import Added, add
from maillage.protection.breaches.models import BreachNotice
from maillage.protection.breaches.reaching import Window, work_out
from maillage.protection.breaches.reporting import Reported, report
from maillage.protection.breaches.rules import Decision, EntryKind
from maillage.protection.records.keeping import keep
from maillage.protection.requests.models import Rectification
from maillage.protection.requests.people import Person
from maillage.protection.requests.receiving import Received, attach, receive, search
from maillage.protection.requests.rectifying import propagate
from maillage.protection.requests.relaying import ask, targets
from maillage.protection.requests.rules import Check
from maillage.protection.retention.stating import state
from tests.days import today
from tests.documents.builders import pdf

if TYPE_CHECKING:
    from tests.security.worlds import World

ADMINISTRATORS = {
    "CPAM 42": "admin@cpam.example.org",
    "CARSAT RA": "admin@carsat.example.org",
    "Cnam": "admin@cnam.example.org",
    "CCAS": "admin@ccas.example.org",
    "CCAS de Villexemple": "admin@villexemple.example.org",
    "CH d’Exemple": "admin@hopital.example.org",
    "Croix-Rouge": "admin@croix-rouge.example.org",
}


def suspect(world: World) -> None:
    """Reported by the worker, decided by the administrator of the first party."""
    from tests.security.worlds import member

    word = f"CANARI{world.name}"
    with member(world.worker) as worker:
        said = Reported(
            word, now() - timedelta(hours=1), ("confidentiality",), ("health",), (world.ids["convention"],)
        )
        breach = report(breach_id=uuid7(), said=said, by=worker, at=now())
        notice = BreachNotice.objects.get(breach=breach, addressee=world.bodies["cpam"])
    with member(ADMINISTRATORS[world.parties["cpam"]]) as by:
        decision = propose(
            breach=breach,
            decision_id=uuid7(),
            said=Decision(is_breach=True, tells_authority=True, tells_persons=True),
            words=Words(consequences=word, measures=word),
            by=by,
            at=now(),
        )
        file = ContentFile(pdf(), name=f"{word}.pdf")
        entry = add(
            breach=breach,
            entry_id=uuid7(),
            said=Added(EntryKind.NOTE, now(), word),
            file=file,
            by=by,
            at=now(),
        )
        window = Window(now() - timedelta(days=1), now())
        reach = work_out(breach=breach, reach_id=uuid7(), window=window, by=by, at=now())
    rows = {
        "breach": breach,
        "breach_notice": notice,
        "breach_decision": decision,
        "breach_entry": entry,
        "breach_reach": reach,
    }
    world.ids |= {kind: row.pk for kind, row in rows.items()}
    _ask(world, word)
    _assess(world, word)


def _ask(world: World, word: str) -> None:
    """A request that the first party wrote down, with the case of the world, passed on to the one that sent it."""
    from tests.security.worlds import member

    with member(ADMINISTRATORS[world.parties["cpam"]]) as admin:
        said = Received(
            today(), "letter", "person", ("access",), Person(word, word, None, word), Check.KNOWN.value
        )
        file = receive(request_id=uuid7(), said=said, by=admin, at=now())
        search(file=file, surname=word, born=today(), by=admin, at=now())
        attach(file=file, cases=[world.ids["case"]], by=admin)
        keys = [one.key for one in targets(file, admin, now()) if one.body == world.bodies["ccas"]]
        ask(file=file, chosen=keys, by=admin, at=now())
        propagate(file=file, cases=[world.ids["case"]], what=word, by=admin)
        version = keep(by=admin, at=now())
        assert version is not None
        duration = state(
            months=24, reason=word, convention=world.ids["convention"], kind="", by=admin, at=now()
        )
    world.ids |= {"record_version": version.pk, "case_duration": duration.pk}
    world.ids["rights_request"] = file.request_id
    _authorise(world, word)
    with member(ADMINISTRATORS[world.parties["cpam"]]):
        world.ids["rectification"] = Rectification.objects.get(request=file.request_id).pk


def _authorise(world: World, word: str) -> None:
    """A sub-processor that the first party asks for, with its contract, granted in writing by one that the text names."""
    from tests.security.worlds import member

    def paper() -> ContentFile[bytes]:
        return ContentFile(pdf(), name=f"{word}.pdf")

    with member(ADMINISTRATORS[world.parties["cpam"]]) as by:
        known = load(Convention.objects.get(pk=world.ids["convention"]))
        regime = regimes(known.readable(today()))[0]
        asked = ask_for(
            transfer_id=uuid7(),
            known=known,
            said=Asked(regime.key, "sub_processor", word, "France", word, word, word, today()),
            file=paper(),
            by=by,
            at=now(),
        )
        _, parties = who_authorises(known, regime, Kind.SUB_PROCESSOR, today())
    world.ids["transfer"] = asked.pk
    assert [one.organisation for one in parties] == [world.bodies["ccas"]]
    with member(ADMINISTRATORS[world.parties["ccas"]]) as by:
        said = Said(granted=True, words=word, day=today(), until=None, to_term=True)
        given = answer(
            transfer=asked.pk,
            answer_id=uuid7(),
            body=world.bodies["ccas"],
            said=said,
            file=paper(),
            by=by,
            at=now(),
        )
    world.ids["transfer_answer"] = given.pk


def _assess(world: World, word: str) -> None:
    """An assessment that the first party leads, with the opinion of the one that sent and its document."""
    from tests.security.worlds import member

    with member(ADMINISTRATORS[world.parties["cpam"]]) as admin:
        kind = kind_of_flow(admin, world.ids["convention"], "autres_collaborations", now())
        assert kind is not None
        row = open_version(assessment_id=uuid7(), kind=kind, lead_reason=word, by=admin, at=now())
        row = write_necessity(assessment=row, necessity=word, seen="", by=admin, at=now())
        asked = ask_contribution(
            assessment=row,
            known=kind.known,
            contribution_id=uuid7(),
            whom=f"opinion:{world.bodies['ccas']}",
            question=word,
            due_on=today() + timedelta(days=15),
            by=admin,
            at=now(),
        )
    with member(ADMINISTRATORS[world.parties["ccas"]]) as by:
        file = ContentFile(pdf(), name=f"{word}.pdf")
        contribute(contribution=asked, said=Answered(word, "reserved"), file=file, by=by, at=now())
    world.ids |= {"impact_assessment": row.pk, "assessment_contribution": asked.pk}
