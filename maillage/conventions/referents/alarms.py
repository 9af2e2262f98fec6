"""The daily alarm of posts of referents that are empty, or soon will be: said once a vacancy, to whom it concerns."""

from datetime import date

from maillage.conventions.lifecycle.loaded import LoadedConvention
from maillage.conventions.lifecycle.notifications import tell
from maillage.conventions.referents.queries import history, standing
from maillage.conventions.referents.rules import Post


def warn(known: LoadedConvention, on: date) -> None:
    """Tell the party that owes a post that it is empty, or will be within 30 days; the others of an empty one, where the
    text makes a change their business. A vacancy is named by the day on which it began: filled and empty again is another.

    A party whose text wants trained referents (S3 art. 4) is told once of one who is not, 90 days after she took office.
    """
    if known.row.state not in ("signed", "in_force"):
        return
    now = standing(known, history(known), on)
    for vacant in now.vacant:
        if vacant.alarm_on <= on:
            _say("convention_vacancy", known, vacant.post, vacant.since, on, others=vacant.post.tells_others)
    for coming in now.coming:
        if coming.warning_on <= on:
            _say("convention_vacancy_soon", known, coming.post, coming.on, on)
    for one in now.untrained:
        owes = known.party(one.post.party)
        if one.due_on <= on and owes:
            tell(
                "convention_untrained", convention=known.id, to=[owes.organisation], fact=one.referent, on=on
            )


def _say(
    kind: str, known: LoadedConvention, post: Post, day: date, on: date, *, others: bool = False
) -> None:
    owes = known.party(post.party)
    if owes is None:
        return
    parties = known.signatories if others else (owes,)
    fact = f"{owes.position}-{post.level}:{day.isoformat()}"
    tell(kind, convention=known.id, to=[party.organisation for party in parties], fact=fact, on=on)
