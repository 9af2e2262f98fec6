"""Termination: after a formal notice, at once, or on grounds (S1 art. 6, S2 art. 9, S3 art. 9.4, S4 art.
6.4).
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from maillage.conventions.lifecycle.events import Event, EventKind
from maillage.conventions.lifecycle.facts import Remark
from maillage.conventions.lifecycle.letters import (
    COUNTED_FROM_LABELS,
    FORMAL_NOTICE,
    last_day_of,
)
from maillage.conventions.lifecycle.situation import Effect, Outcome, Situation, exit_row
from maillage.conventions.lifecycle.states import EndKind
from maillage.conventions.terms.duration import (
    ExitClause,
    FormalNotice,
    GroundsTermination,
    ImmediateTermination,
)
from maillage.core.calendar import DAY, Period, french


class _Notice(NamedTuple):
    """A formal notice: the day it counts from, the last day to comply, and who must."""

    since: date
    last: date
    addressee: str | None

    def is_answered_by(self, event: Event) -> bool:
        """Whether this recorded compliance closes the notice."""
        whose = event.party is None or self.addressee is None or event.party == self.addressee
        return whose and event.on >= self.since


def after_formal_notice(clause: FormalNotice, reading: str, situation: Situation) -> Outcome:
    """Sent on 14/11/2024, 15 days: comply until 29/11/2024; the others may terminate from 30/11/2024 (S3
    art. 9.4).

    The convention stays in force until their decision is recorded; compliance closes the notice.
    """
    remarks: list[Remark] = []
    notices = _notices(clause, situation, remarks)
    if not notices:
        return Outcome(exit_row(clause, "formal_notice", reading), (), tuple(remarks))
    complied = situation.record.of(EventKind.COMPLIED)
    effects = [
        Effect(_effect_of(event), EndKind.TERMINATED, event.party, source=event, clause=clause.name)
        for event in _decisions(clause, situation)
        if any(_allows(notice, complied, event.on) for notice in notices)
    ]
    pending = [notice for notice in notices if not any(map(notice.is_answered_by, complied))]
    first_day = pending[0].last + DAY if pending else None
    waiting = None
    if first_day is not None and not effects:
        waiting = _pending(clause, first_day, situation.on)
    remarks += [
        Remark(
            clause.article,
            f"Mise en conformité tardive, le {french(event.on)} : la mise en demeure est close.",
        )
        for event in complied
        if any(event.on > notice.last and notice.is_answered_by(event) for notice in notices)
    ]
    effect = min((effect.day for effect in effects), default=None)
    row = exit_row(clause, "formal_notice", reading, first_day=first_day, effect=effect)
    return Outcome(row, tuple(effects), tuple(remarks), waiting)


def last_days_to_comply(
    clauses: Iterable[FormalNotice], days: Mapping[str, date], departement: str
) -> list[date]:
    """The last day to comply under each reading of the clause, from the days of one letter by what the delay counts from."""
    return [
        last_day_of(days[clause.counted_from], clause.cure, departement)
        for clause in clauses
        if isinstance(clause.cure, Period) and clause.counted_from in days
    ]


def on_grounds(
    clause: ImmediateTermination | GroundsTermination, reading: str, situation: Situation
) -> Outcome:
    """From the decision, or from the later day that it states (S2 art. 9: at once; S1 art. 6: no delay
    stated).
    """
    kind = "immediate" if isinstance(clause, ImmediateTermination) else "grounds"
    effects = tuple(
        Effect(_effect_of(event), EndKind.TERMINATED, event.party, source=event, clause=clause.name)
        for event in _decisions(clause, situation)
    )
    remarks: tuple[Remark, ...] = ()
    if effects and kind == "grounds":
        text = "Résiliation : le texte ne donne pas de délai, l'effet est celui de la décision."
        remarks = (Remark(clause.article, text),)
    effect = min((effect.day for effect in effects), default=None)
    return Outcome(exit_row(clause, kind, reading, effect=effect), effects, remarks)


def _notices(clause: FormalNotice, situation: Situation, remarks: list[Remark]) -> list[_Notice]:
    """The notices that run, oldest first."""
    record = situation.record
    if not record.has_any(FORMAL_NOTICE.values()):
        return []
    kind = FORMAL_NOTICE.get(clause.counted_from)
    found = [event for event in record.of(kind) if event.clause in {None, clause.name}] if kind else []
    if not found:
        what = COUNTED_FROM_LABELS.get(clause.counted_from, "une date non précisée")
        remarks.append(Remark(clause.article, f"Mise en demeure : le délai court de {what}, qui manque."))
    if not isinstance(clause.cure, Period):
        text = "Mise en demeure : le texte ne donne pas de délai pour se conformer."
        remarks.append(Remark(clause.article, text))
        return []
    bound_on = situation.bound_on
    remarks += [
        Remark(
            clause.article, f"Mise en demeure du {french(event.on)} antérieure à la signature : sans effet."
        )
        for event in found
        if bound_on is not None and event.on < bound_on
    ]
    return [
        _Notice(event.on, last_day_of(event.on, clause.cure, situation.departement), event.addressee)
        for event in found
        if bound_on is not None and event.on >= bound_on
    ]


def _allows(notice: _Notice, complied: Sequence[Event], decided: date) -> bool:
    answered = any(event.on <= decided and notice.is_answered_by(event) for event in complied)
    return decided > notice.last and not answered


def _pending(clause: FormalNotice, first_day: date, on: date) -> Remark:
    last = french(first_day - DAY)
    if on < first_day:
        return Remark(clause.article, f"Mise en demeure : jusqu'au {last} inclus pour se conformer.")
    may = f"depuis le {french(first_day)}, les autres parties peuvent résilier"
    text = f"Mise en demeure expirée le {last} : {may} ; en vigueur jusqu'à leur décision."
    return Remark(clause.article, text)


def _decisions(clause: ExitClause, situation: Situation) -> list[Event]:
    """The decisions to terminate that this clause may carry, once all have signed."""
    return [
        event
        for event in situation.record.of(EventKind.TERMINATED)
        if event.clause in {None, clause.name}
        and situation.bound_on is not None
        and event.on >= situation.bound_on
        and not (clause.by and event.party is not None and event.party not in clause.by)
    ]


def _effect_of(event: Event) -> date:
    """The first day no longer in force: never before the decision itself."""
    return max(event.on, event.effect) if event.effect else event.on
