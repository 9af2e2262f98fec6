"""« Pourquoi cette date ? »: the fact a date starts from, the rule, the article, the way of counting, each
reading.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any

from maillage.conventions.lifecycle.events import Event
from maillage.conventions.lifecycle.exits import outcome
from maillage.conventions.lifecycle.judging import Case, Judgement
from maillage.conventions.lifecycle.merging import left_of
from maillage.conventions.lifecycle.reading import (
    Ambiguity,
    combine,
    group,
    names_of,
    texts_of,
)
from maillage.conventions.lifecycle.rules import HasLifecycle
from maillage.conventions.lifecycle.situation import Effect, Outcome
from maillage.conventions.lifecycle.states import State
from maillage.conventions.lifecycle.wording import SAME_DAY, STATED, TERMS, exit_label, exit_rule
from maillage.conventions.terms.duration import (
    AnniversaryDenunciation,
    ExitClause,
    Term,
)
from maillage.conventions.terms.readings import Variant
from maillage.core.calendar import DAY, Period, french


class DateName(StrEnum):
    """The dates of the convention itself; those of an exit are asked for by the name of its clause."""

    STARTS = "starts"
    ENDS = "ends"
    ANNIVERSARY = "anniversary"
    RENEWAL = "renewal"

    @property
    def label(self) -> str:
        """The French name shown on screen."""
        return _LABELS[self]


@dataclass(frozen=True, slots=True)
class Because:
    """One date under one reading, from the fact to the rule. `days` has one date, two bounds, or the bounds and the
    effect. `none` says why there is no such date, where that is known.
    """

    days: tuple[date | None, ...]
    fact: str
    rule: str
    article: str
    quote: str
    calendar: str
    reading: str = ""
    reading_text: str = ""
    none: str = ""


@dataclass(frozen=True, slots=True)
class Explanation:
    """The answer: one `Because`, or one for each reading when they lead to different dates."""

    name: str
    label: str
    reasons: tuple[Because, ...]


_LABELS = {
    DateName.STARTS: "Prise d'effet",
    DateName.ENDS: "Fin du terme en cours",
    DateName.ANNIVERSARY: "Prochain anniversaire",
    DateName.RENEWAL: "Prochain renouvellement",
}


def explain(
    name: str, terms: HasLifecycle, events: Iterable[Event], on: date, departement: str = "75"
) -> Explanation:
    """Why a date is what it is. `name` is a `DateName` or the name of an exit; `ValueError` for any other."""
    case = Case(terms, events, on, departement)
    if name in set(DateName):
        known = DateName(name)
        reason = _REASONS[known]
        dimensions = case.ambiguities
        results = combine(dimensions, lambda chosen: reason(case, case.judge(chosen), chosen))
        label = known.label
    else:
        index = _exit_index(case, name)
        clause = case.exits[index]
        idle = [] if index in case.live else [Ambiguity(clause.name, case.exit_variants[index])]
        dimensions = [*case.ambiguities, *idle]
        judged = len(case.ambiguities)
        position = judged if idle else judged - len(case.live) + case.live.index(index)
        results = combine(
            dimensions, lambda chosen: _exit_reason(case.judge(chosen[:judged]), chosen[position])
        )
        label = results[0].value.rule.partition(" :")[0]
    reasons = [
        replace(one.first.value, reading=names_of(one.named), reading_text=texts_of(one.named))
        for one in group(dimensions, results, lambda because: because)
    ]
    return Explanation(name, label, tuple(reasons))


def _exit_index(case: Case, name: str) -> int:
    for index, clause in enumerate(case.exits):
        if clause.name == name:
            return index
    raise ValueError(f"date « {name} » inconnue")


def _start(case: Case, judgement: Judgement, chosen: tuple[Variant[Any], ...]) -> Because:
    term: Term = chosen[0].clause
    if isinstance(term.starts, date):
        fact, rule, calendar = "Le texte fixe la date.", "La convention prend effet à la date écrite.", STATED
    else:
        which = "première" if term.starts == "first_signature" else "dernière"
        signed = case.signing.first if term.starts == "first_signature" else case.signing.last
        fact = f"Toutes les parties ont signé, la {which} le {french(signed)}." if signed else _UNSIGNED
        rule = f"La convention prend effet le jour de la {which} signature."
        calendar = "Le jour même : aucun délai."
    return Because((judgement.course.starts,), fact, rule, term.article, term.quote or "", calendar)


def _end(case: Case, judgement: Judgement, chosen: tuple[Variant[Any], ...]) -> Because:
    term: Term = chosen[0].clause
    path = judgement.course
    decided = min(judgement.effects, key=lambda effect: effect.day, default=None)
    if decided is not None and judgement.out == decided.day:
        return _decided_end(case, judgement, decided)
    renewed = [row for row in path.renewals if row.since <= case.on]
    if renewed:
        row = renewed[-1]
        fact = f"Renouvelée le {french(row.since)} ({row.label})."
        rule = "Chaque terme se compte de la date d'origine, et finit la veille du suivant à 24 h."
        if row.until is None:
            rule = "Le texte ne donne pas la durée du renouvellement : la fin est inconnue (C. civ., art. 1214-1215)."
        return Because((judgement.ends,), fact, rule, row.article, _renewal_quote(case), TERMS)
    if isinstance(term.lasts, Period):
        fact = f"Prise d'effet le {french(path.starts)}." if path.starts else _UNSIGNED
        rule = f"Durée de {term.lasts.label()} : le terme est la veille du jour anniversaire, à 24 h."
        return Because((judgement.ends,), fact, rule, term.article, term.quote or "", TERMS)
    fact = f"Terme lié à : {term.ends_with}." if term.ends_with else "Le texte fixe la fin, ou n'en dit rien."
    return Because(
        (judgement.ends,), fact, "La fin est celle qui est écrite.", term.article, term.quote or "", STATED
    )


def _decided_end(case: Case, judgement: Judgement, decided: Effect) -> Because:
    """Brought by a clause, with its article; or by all the parties, whatever the text says."""
    clause = next((one for one in case.exits if one.name == decided.clause), None)
    said = decided.kind.label if clause is not None or decided.source is None else _told(decided.source)
    fact = f"{said[:1].upper()}{said[1:]}, premier jour hors vigueur le {french(decided.day)}."
    rule = "Le dernier jour en vigueur est la veille de l'effet."
    calendar = STATED
    if clause is not None and decided.source is None:
        how, calendar = exit_rule(clause, case.departement)
        rule = f"{exit_label(clause)} : {how} {rule}"
    article, quote = (clause.article, clause.quote or "") if clause is not None else ("", "")
    return Because((judgement.ends,), fact, rule, article, quote, calendar)


def _told(event: Event) -> str:
    return f"{event.kind.label} du {french(event.on)}"


def _anniversary(_case: Case, judgement: Judgement, chosen: tuple[Variant[Any], ...]) -> Because:
    starts = judgement.course.starts
    fact = f"Prise d'effet le {french(starts)}." if starts else _UNSIGNED
    rule = "Premier anniversaire après ce jour, compté de la date d'origine ; un 29 février devient le 28."
    clause = chosen[0].clause
    return Because((judgement.anniversary,), fact, rule, clause.article, clause.quote or "", SAME_DAY)


def _renewal(case: Case, judgement: Judgement, chosen: tuple[Variant[Any], ...]) -> Because:
    coming = [row for row in judgement.course.renewals if row.since > case.on]
    clause = chosen[1].clause if case.renewal is not None else chosen[0].clause
    if coming:
        row = coming[0]
        fact = f"Terme en cours jusqu'au {french(judgement.ends)}." if judgement.ends else ""
        rule = "Tacite reconduction au terme, sauf opposition enregistrée avant lui."
        if row.mode == "express":
            rule = "Renouvellement décidé par les parties avant le terme."
        return Because((row.since, row.until), fact, rule, row.article, clause.quote or "", TERMS)
    rule, none = "Aucun renouvellement à venir n'est connu.", ""
    if judgement.out is not None:
        before = judgement.state is State.ENDED
        none = f"aucun, puisqu'elle {'a pris' if before else 'prend'} fin le {french(judgement.out - DAY)}"
        rule = "Une convention qui prend fin ne se renouvelle pas."
    return Because((None, None), "", rule, clause.article, clause.quote or "", STATED, none=none)


def _exit_reason(judgement: Judgement, variant: Variant[Any]) -> Because:
    clause: ExitClause = variant.clause
    judged: Outcome = outcome(clause, variant.name, judgement.situation)
    row = left_of(judged.row, judgement)
    rule, calendar = exit_rule(clause, judgement.situation.departement)
    told = judged.remarks if judged.waiting is None or row is None else (*judged.remarks, judged.waiting)
    fact = " ".join(remark.text for remark in told)
    if not fact and isinstance(clause, AnniversaryDenunciation) and judgement.anniversary:
        fact = f"Prochain anniversaire le {french(judgement.anniversary)}."
    days = (row.first_day, row.last_day, row.effect) if row else (None, None, None)
    return Because(days, fact, f"{exit_label(clause)} : {rule}", clause.article, clause.quote or "", calendar)


def _renewal_quote(case: Case) -> str:
    return (case.renewal.quote or "") if case.renewal else ""


_UNSIGNED = "Toutes les parties n'ont pas encore signé."
_REASONS: dict[DateName, Callable[[Case, Judgement, tuple[Variant[Any], ...]], Because]] = {
    DateName.STARTS: _start,
    DateName.ENDS: _end,
    DateName.ANNIVERSARY: _anniversary,
    DateName.RENEWAL: _renewal,
}
