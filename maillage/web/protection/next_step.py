"""What comes next in a breach, for one reader, in one sentence."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from maillage.organisations.member import Member
from maillage.protection.breaches.extent_models import BreachExtent
from maillage.protection.breaches.models import Breach, BreachDecision, BreachEntry, BreachNotice
from maillage.protection.breaches.queries import FileParty, controllers_left, last_known
from maillage.protection.breaches.rules import Decision, EntryKind, missing
from maillage.protection.breaches.states import RUNNING, State


@dataclass(frozen=True, slots=True)
class File:
    """All that the page of a breach draws from."""

    row: Breach
    parties: Sequence[FileParty]
    notices: Sequence[BreachNotice]
    entries: Sequence[BreachEntry]
    decisions: Sequence[BreachDecision]
    extents: Sequence[BreachExtent]

    @property
    def is_held(self) -> bool:
        """Whether all those that decide agreed to the decision that was proposed last."""
        deciders = {one.organisation for one in self.parties if one.decides}
        return self.newest is not None and deciders <= self.agreed_to(self.newest)

    def agreed_to(self, decision: BreachDecision) -> frozenset[UUID]:
        """The organisations that agreed to one of its decisions."""
        return frozenset(
            one.recorded_for_id
            for one in self.entries
            if one.kind == EntryKind.AGREED and one.decision_id == decision.pk
        )

    def mine(self, member: Member) -> FileParty | None:
        """One's own organisation's part in it."""
        return next((one for one in self.parties if one.organisation == member.organisation), None)

    @property
    def is_untouched(self) -> bool:
        """Whether nobody said which conventions it touches: nobody is told, nobody answers for the data, nothing is proposed."""
        return not (self.notices or self.decisions or any(one.controls for one in self.parties))

    @property
    def newest(self) -> BreachDecision | None:
        """The decision that was proposed last."""
        return self.decisions[0] if self.decisions else None


def for_the_reporter(row: Breach) -> str:
    """For whoever reported and follows no breaches."""
    if row.state in RUNNING:
        return (
            "Merci. Votre délégué à la protection des données, ou votre administration, s’occupe de la suite. "
            "Rien d’autre ne vous est demandé."
        )
    return "Cette violation est traitée. Merci de l’avoir signalée."


def next_step(found: File, member: Member, *, receives: bool) -> str:
    """For whoever follows breaches in her organisation."""
    if found.row.joined_to_id:
        return "Ce signalement est joint à un autre : tout se décide dans l’autre dossier."
    if receives:
        return "Accusez réception : qui vous a prévenus saura que vous êtes au courant."
    if any(one.debtor_id == member.organisation and one.told_at is None for one in found.notices):
        return "Une partie n’a personne sur Maillage : prévenez-la par un autre moyen, et notez-le."
    if found.row.state == State.CLOSED:
        return "Ce dossier est clos. Il reste au registre (RGPD, article 33.5)."
    if found.is_untouched and found.row.organisation_id == member.organisation:
        return "Dites quelles conventions sont touchées : tant que personne ne le dit, aucune autre partie n’est prévenue."
    return _to_decide(found, member) or _to_do(found)


def _to_decide(found: File, member: Member) -> str:
    """Who has something to decide; empty once all agreed."""
    mine, newest = found.mine(member), found.newest
    deciders = [one for one in found.parties if one.decides]
    if newest is None:
        if mine in deciders:
            return "Dites ensemble s’il s’agit d’une violation, et qui en est prévenu."
        return f"La décision revient à : {', '.join(one.name for one in deciders)}."
    agreed = found.agreed_to(newest)
    waiting = [one for one in deciders if one.organisation not in agreed]
    if mine in waiting:
        return "Une décision attend votre accord."
    return f"La décision attend l’accord de : {', '.join(one.name for one in waiting)}." if waiting else ""


def _to_do(found: File) -> str:
    """What was decided and is left to do."""
    if found.row.state != State.CONFIRMED or found.newest is None:
        return "La suspicion est écartée."
    newest = found.newest
    held = Decision(newest.is_breach, newest.tells_authority, newest.tells_persons)
    unfiled = [one.name for one in controllers_left(found.row, found.parties, found.entries)]
    goes_on = last_known(found.row, found.extents).goes_on
    left = missing(held, (one.kind for one in found.entries), unfiled, goes_on=goes_on)
    return (
        f"Il reste à faire, puis à noter ici : {' et '.join(left)}."
        if left
        else "Tout ce qui est décidé est fait."
    )
