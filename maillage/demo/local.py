"""A local convention of the demonstration: drawn from a text of the library, proposed and signed by its parties, in force."""

from collections.abc import Container, Mapping
from datetime import timedelta
from typing import Final
from uuid import UUID, uuid5

from django.core.files.base import ContentFile

from maillage.conventions.drafting import actions as drafting
from maillage.conventions.drafting.export import convention_pdf
from maillage.conventions.drafting.proposing import propose
from maillage.conventions.drafting.rules import left_to_choose, left_to_fill
from maillage.conventions.drafting.values import data_from_text
from maillage.conventions.lifecycle.queries import visible_to
from maillage.conventions.lifecycle.refreshing import refresh
from maillage.conventions.lifecycle.relations import relate
from maillage.conventions.signatures.actions import Act, sign
from maillage.conventions.terms import Blank, Expectation, Terms
from maillage.conventions.terms.filling import choose, drop, fill
from maillage.core.clock import now, today
from maillage.demo.conventions import PARIS, acting_for, body_of
from maillage.documents.actions import store_upload
from maillage.organisations.member import Member


def conclude_locally(
    new: UUID,
    terms: Terms,
    bodies: Mapping[str, UUID],
    drafter: Member,
    *,
    since: timedelta,
    signers: Mapping[str, str],
    template: str = "",
    framework: UUID | None = None,
) -> None:
    """Written, proposed and signed so long ago; `bodies` stand behind the parties, `signers` say who of the cast records each signature.

    `template` is the text from which it was drawn, `framework` the convention that it applies, whose parties learn of it.
    """
    at = now() - since
    drafting.start_from_terms(new_id=new, terms=terms, by=drafter, at=at, template=template)
    if framework is not None:
        key = next((one.key for one in terms.relations if one.kind.value == "implements"), "")
        draft = visible_to(drafter).get(id=new)
        relate(convention=draft, kind="implements", target=framework, key=key, by=drafter, at=at)
    for party, body in bodies.items():
        drafting.choose_body(
            convention=visible_to(drafter).get(id=new), key=party, organisation=body, by=drafter, at=at
        )
    propose(convention=visible_to(drafter).get(id=new), by=drafter, at=at)
    text = convention_pdf(terms, final=True)
    for party, signer in signers.items():
        with acting_for(signer) as signing:
            row = visible_to(signing).get(id=new)
            copy = store_upload(
                file=ContentFile(text, f"texte-signe-{party.replace('_', '-')}.pdf"),
                organisation=signing.organisation,
                readers=list(bodies.values()),
                by=signing,
                at=at,
            )
            act = Act(
                signature_id=uuid5(new, party),
                seen_hash=row.content_hash,
                signed_on=at.astimezone(PARIS).date(),
                function="Direction",
                party=party,
                document=copy.id,
            )
            sign(convention=row, act=act, by=signing, at=at)
    refresh(visible_to(drafter).get(id=new), today(PARIS))


_WORDS: Final = "Selon ce que conviennent les référents"
_ANSWERS: Final = {
    Expectation.NUMBER: "3",
    Expectation.DELAY: "1 mois",
    Expectation.CHANNEL: "Maillage",
    Expectation.CHOICE: "une fois",
    Expectation.ADDRESS: "1 rue de l’Exemple, 42000 Saint-Étienne",
    Expectation.REGISTRATION: "26421029500020",
}


def completed(terms: Terms, bodies: Mapping[str, str], *, retained: Container[str] = ()) -> Terms:
    """A text without blanks nor options: those retained are chosen, the others dropped, each blank filled for the demonstration.

    `bodies` are the organisations of the cast behind its parties, by key.
    """
    while undecided := list(left_to_choose(terms)):
        path, clause = undecided[0].path, undecided[0].clause
        terms = choose(terms, path) if getattr(clause, "key", "") in retained else drop(terms, path)
    while blanks := list(left_to_fill(terms)):
        path, blank = blanks[0].path, blanks[0].blank
        terms = fill(terms, path, data_from_text(terms, path, _answer(path, blank, bodies)))
    return terms


def _answer(path: str, blank: Blank, bodies: Mapping[str, str]) -> str:
    """What its parties wrote in a blank: who they are, else something of the kind that is asked."""
    if path.startswith("parties[") and path.endswith(".name"):
        return body_of(bodies[path.removeprefix("parties[").partition("]")[0]]).name
    if path.startswith("parties[") and path.endswith(".function"):
        return "Direction"
    if path.endswith(".rhythm"):
        return "quarterly"
    if blank.expects is Expectation.CHANNEL:
        return _ANSWERS[Expectation.CHANNEL]
    return blank.among[0] if blank.among else _ANSWERS.get(blank.expects, _WORDS)
