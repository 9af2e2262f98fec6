"""What « À faire » says of the deployment of frameworks: where a caisse has no local convention, to say again why, once a year."""

from datetime import date

from maillage.conventions.deployment.policies import can_note
from maillage.conventions.deployment.queries import Deployment, own_deployments
from maillage.conventions.deployment.rules import review_due
from maillage.organisations.member import Member
from maillage.web.conventions.deploying.words import note_url
from maillage.web.home.tasks import Task
from maillage.web.presentation.components import Explanation
from maillage.web.presentation.dates import long_date
from maillage.web.presentation.typography import typeset


def reviews_due(member: Member, on: date) -> list[Task]:
    """To the referents of a caisse, which keeps what is said of its département: one line for each framework above it."""
    if not can_note(member):
        return []
    found = ((one, review_due(one.lines[0], one.since, on)) for one in own_deployments(on=on))
    return [_task(one, day) for one, day in found if day is not None]


def _task(one: Deployment, day: date) -> Task:
    noted = one.lines[0].reason
    fact = (
        f"Le motif noté, « {noted.label} », est à la date du {long_date(noted.day)}."
        if noted
        else "Votre caisse n’a pas de convention sous ce cadre, et n’en a jamais dit le motif."
    )
    reason = Explanation(
        fact=typeset(fact),
        rule="Un texte national demande chaque année où en est chaque caisse : un an après ce qu’elle en a dit, ou chaque année après sa "
        "prise d’effet tant qu’elle n’en a rien dit.",
    )
    return Task(
        title=typeset(f"Dire où en est la convention locale : {one.title}"),
        url=note_url(one.framework),
        due_on=day,
        why="Les référents nationaux du cadre le lisent sur la carte de son déploiement.",
        kind="deployment",
        explanation=reason,
    )
