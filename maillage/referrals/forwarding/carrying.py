"""What of a referral another one begins with: all that was sent is there already, nobody describes the person twice."""

from dataclasses import replace

from maillage.conventions.terms.criteria import Value
from maillage.core.refusals import Refused
from maillage.referrals.content import DESCRIBED, Content, Precisions, Situation
from maillage.referrals.queries import File
from maillage.referrals.routing.situation import Renunciation


def content_of(file: File) -> Content:
    """A referral that was sent, as a draft that follows from it. The person is to be told again: the recipient changes.

    Answers to lines of a text are asked again too: another text has its own. Raises Refused when its data were destroyed.
    """
    if file.identity is None:
        raise Refused("Les données de ce dossier ont été détruites : rien ne peut être repris.")
    facts: dict[str, Value] = dict(file.kept.facts)
    situation = Situation(
        motives=tuple(file.referral.motives),
        narrative=file.narrative,
        renunciations=tuple(Renunciation(care=care, reason=reason) for care, reason in file.renunciations),
        facts={key: value for key, value in facts.items() if key in DESCRIBED},
    )
    if file.referral.urgent and not situation.urgent:  # the flow let the urgency out, and not what makes it
        situation = replace(situation, facts={**situation.facts, "care_compromised": True})
    return Content(
        person=file.identity,
        situation=situation,
        precisions=Precisions({key: value for key, value in facts.items() if key not in DESCRIBED}),
        origin=file.participation.case_id,
    )
