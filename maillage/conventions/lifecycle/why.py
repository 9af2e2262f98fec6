"""« Pourquoi cette date ? »: the fact a date starts from, the rule, the article, the way of counting, each
reading.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any, Final

from maillage.conventions.lifecycle.events import Event
from maillage.conventions.lifecycle.exits import outcome
from maillage.conventions.lifecycle.judging import Case, Judgement
from maillage.conventions.lifecycle.letters import COUNTED_FROM_LABELS
from maillage.conventions.lifecycle.reading import (
    Ambiguity,
    combine,
    group,
    names_of,
    texts_of,
)
from maillage.conventions.lifecycle.rules import HasLifecycle
from maillage.conventions.lifecycle.situation import Outcome
from maillage.conventions.terms.duration import (
    AnniversaryDenunciation,
    Denunciation,
    ExitClause,
    FormalNotice,
    Term,
)
from maillage.conventions.terms.readings import Variant
from maillage.core.calendar import Period, french

FORWARDS: Final = (
    "Jours du calendrier : le jour de départ ne compte pas ; un mois finit au même quantième, sinon au dernier jour "
    "du mois (code de procédure civile, art. 641). Pas de report au jour ouvré."
)
BACKWARDS: Final = "Jours du calendrier, à rebours : le même quantième, sinon le dernier jour du mois. Jamais de report au jour ouvré."
WORKING_DAYS: Final = "Jours ouvrés : du lundi au vendredi, jours fériés du département {departement} exclus."
STATED: Final = "Date écrite dans un document : aucun calcul."


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
    """One date under one reading, from the fact to the rule. `days` has one date, or the bounds and the
    effect.
    """

    days: tuple[date | None, ...]
    fact: str
    rule: str
    article: str
    quote: str
    calendar: str
    reading: str = ""
    reading_text: str = ""


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
        fact = f"{decided.kind.label.capitalize()}, premier jour hors vigueur le {french(decided.day)}."
        rule = "Le dernier jour en vigueur est la veille de l'effet."
        return Because((judgement.ends,), fact, rule, _exit_articles(case), "", FORWARDS)
    renewed = [row for row in path.renewals if row.since <= case.on]
    if renewed:
        row = renewed[-1]
        fact = f"Renouvelée le {french(row.since)} ({row.label})."
        rule = "Chaque terme se compte de la date d'origine, et finit la veille du suivant à 24 h."
        if row.until is None:
            rule = "Le texte ne donne pas la durée du renouvellement : la fin est inconnue (C. civ., art. 1214-1215)."
        return Because((judgement.ends,), fact, rule, row.article, _renewal_quote(case), FORWARDS)
    if isinstance(term.lasts, Period):
        fact = f"Prise d'effet le {french(path.starts)}." if path.starts else _UNSIGNED
        rule = f"Durée de {term.lasts.label()} : le terme est la veille du jour anniversaire, à 24 h."
        return Because((judgement.ends,), fact, rule, term.article, term.quote or "", FORWARDS)
    fact = f"Terme lié à : {term.ends_with}." if term.ends_with else "Le texte fixe la fin, ou n'en dit rien."
    return Because(
        (judgement.ends,), fact, "La fin est celle qui est écrite.", term.article, term.quote or "", STATED
    )


def _anniversary(_case: Case, judgement: Judgement, chosen: tuple[Variant[Any], ...]) -> Because:
    starts = judgement.course.starts
    fact = f"Prise d'effet le {french(starts)}." if starts else _UNSIGNED
    rule = "Premier anniversaire après ce jour, compté de la date d'origine ; un 29 février devient le 28."
    clause = chosen[0].clause
    return Because((judgement.anniversary,), fact, rule, clause.article, clause.quote or "", FORWARDS)


def _renewal(case: Case, judgement: Judgement, chosen: tuple[Variant[Any], ...]) -> Because:
    coming = [row for row in judgement.course.renewals if row.since > case.on]
    clause = chosen[1].clause if case.renewal is not None else chosen[0].clause
    if coming:
        row = coming[0]
        fact = f"Terme en cours jusqu'au {french(judgement.ends)}." if judgement.ends else ""
        rule = "Tacite reconduction au terme, sauf opposition enregistrée avant lui."
        if row.mode == "express":
            rule = "Renouvellement décidé par les parties avant le terme."
        return Because((row.since, row.until), fact, rule, row.article, clause.quote or "", FORWARDS)
    rule = "Aucun renouvellement à venir n'est connu."
    return Because((None, None), "", rule, clause.article, clause.quote or "", STATED)


def _exit_reason(judgement: Judgement, variant: Variant[Any]) -> Because:
    clause: ExitClause = variant.clause
    judged: Outcome = outcome(clause, variant.name, judgement.situation)
    row = judged.row
    rule, calendar = _exit_rule(clause, judgement.situation.departement)
    fact = " ".join(remark.text for remark in judged.remarks)
    if not fact and isinstance(clause, AnniversaryDenunciation) and judgement.anniversary:
        fact = f"Prochain anniversaire le {french(judgement.anniversary)}."
    days = (row.first_day, row.last_day, row.effect)
    label = row.label.capitalize()
    return Because(days, fact, f"{label} : {rule}", clause.article, clause.quote or "", calendar)


def _exit_rule(clause: ExitClause, departement: str) -> tuple[str, str]:
    """The rule of an exit in French, and how its delay is counted."""
    delay: object = None
    calendar = FORWARDS
    if isinstance(clause, AnniversaryDenunciation):
        delay, calendar = clause.before, BACKWARDS
        what = "l'anniversaire" if clause.before_what == "anniversary" else "le terme"
        how = "dans les" if clause.limit == "window" else "au plus tard"
        rule = f"{how} {_length(delay)} avant {what}"
    elif isinstance(clause, Denunciation):
        delay = clause.notice
        rule = f"à tout moment, avec un préavis de {_length(delay)} compté de {_from(clause.counted_from)}"
    elif isinstance(clause, FormalNotice):
        delay = clause.cure
        rule = f"les autres parties le peuvent {_length(delay)} après {_from(clause.counted_from)}, sans mise en conformité"
    else:
        rule, calendar = "par décision, pour un motif que le texte prévoit", STATED
    if isinstance(delay, Period) and delay.working_days:
        calendar = WORKING_DAYS.format(departement=departement)
    return f"{rule}.", calendar


def _length(delay: object) -> str:
    return delay.label() if isinstance(delay, Period) else "un délai non précisé"


def _from(counted_from: str) -> str:
    return COUNTED_FROM_LABELS.get(counted_from, "une date non précisée")


def _exit_articles(case: Case) -> str:
    return ", ".join(dict.fromkeys(case.exits[index].article for index in case.live))


def _renewal_quote(case: Case) -> str:
    return (case.renewal.quote or "") if case.renewal else ""


_UNSIGNED = "Toutes les parties n'ont pas encore signé."
_REASONS: dict[DateName, Callable[[Case, Judgement, tuple[Variant[Any], ...]], Because]] = {
    DateName.STARTS: _start,
    DateName.ENDS: _end,
    DateName.ANNIVERSARY: _anniversary,
    DateName.RENEWAL: _renewal,
}
