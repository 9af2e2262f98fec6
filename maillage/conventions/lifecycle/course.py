"""The course of a convention under one reading: its start, its successive terms, its natural end.

Sources: S0 art. 6, S1 art. 4, S2 art. 9, S3 art. 9.1-9.2, S4 art. 6.1-6.2; code civil 1214-1215 where a tacit
renewal states no period.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

from maillage.conventions.lifecycle.events import Event, EventKind
from maillage.conventions.lifecycle.facts import Remark, RenewalRow
from maillage.conventions.lifecycle.record import Record, Signing, several_dates
from maillage.conventions.terms.blanks import Blank
from maillage.conventions.terms.duration import Renewal, Term
from maillage.core.calendar import DAY, Period, add, french

FIRST_YEAR: Final = 1900
LAST_YEAR: Final = 2999
_EVIDENCE_BEFORE: Final = timedelta(days=120)
_EVIDENCE_AFTER: Final = timedelta(days=240)
_FAR: Final = 300
_NO_PERIOD: Final = Period()


@dataclass(slots=True)
class Course:
    """The successive terms, as far as the next renewal or to the natural end.

    `outs` holds the first day after each of them, the last one being `None` when it is unknown.
    `running_out` is that of the term running on the day asked, `expires` the natural end when one is in
    sight, `opposed` whether an opposition brings it, `used` the recorded renewals that a term carries.
    """

    starts: date | None
    outs: list[date | None] = field(default_factory=list)
    renewals: list[RenewalRow] = field(default_factory=list)
    running_out: date | None = None
    expires: date | None = None
    opposed: bool = False
    remarks: list[Remark] = field(default_factory=list)
    used: list[Event] = field(default_factory=list)

    def out_after(self, day: date) -> date | None:
        """The first end of a term strictly after `day`, if it is known."""
        for out in self.outs:
            if out is None or out > day:
                return out
        return None


@dataclass(frozen=True, slots=True)
class Renewing:
    """What decides whether a term is followed by another."""

    clause: Renewal | None
    record: Record
    oppositions: Sequence[date]
    bound_on: date | None = None

    def evidence(self, since: date, out: date) -> Event | None:
        """The record of the renewal at `out`: an express one is decided before, a tacit one noted around
        it.
        """
        if self.clause is None:
            return None
        for event in self.record.of(EventKind.RENEWED):
            if self.bound_on is not None and event.on < self.bound_on:
                continue
            if self.clause.mode == "express":
                if since <= event.on < out:
                    return event
            elif max(since, out - _EVIDENCE_BEFORE) <= event.on < out + _EVIDENCE_AFTER:
                return event
        return None

    def happens(self, number: int, since: date, out: date, evidence: Event | None) -> bool:
        """Whether the term that runs from `since` is renewed at `out`, `number` renewals having come
        before. A tacit renewal that was recorded stands: an opposition told afterwards is flagged.
        """
        if self.clause is None or self.clause.mode == "none":
            return False
        if self.clause.mode == "express":
            return evidence is not None
        if isinstance(self.clause.times, int) and number >= self.clause.times:
            return False
        return evidence is not None or not self.is_opposed(since, out)

    def is_opposed(self, since: date, out: date) -> bool:
        """Whether a party refused the tacit renewal at `out`, before it."""
        return bool(self.refusals(since, out))

    def refusals(self, since: date, out: date) -> list[date]:
        """The days on which a party refused the tacit renewal at `out`, before it."""
        tacit = self.clause is not None and self.clause.mode == "tacit"
        return [day for day in self.oppositions if tacit and since <= day < out]


def starting_day(term: Term, known: Signing) -> date | None:
    """The first day in force, or `None` while it cannot be known."""
    if term.starts == "last_signature":
        return known.last
    if term.starts == "first_signature":
        return known.first
    return _within(term.starts) if isinstance(term.starts, date) else None


def course(term: Term, renewing: Renewing, known: Signing, on: date) -> Course:
    """The successive terms as far as `on` and the next renewal, or to the natural end when it is bounded."""
    starts = starting_day(term, known)
    result = Course(starts)
    _remark_start(result, term, known)
    end = _stated_end(result, term, renewing.record)
    if end is not None:
        out, base, length = end, end, _NO_PERIOD
    elif isinstance(term.lasts, Period) and starts is not None:
        out, base, length = add(starts, term.lasts), starts, term.lasts
    else:
        if isinstance(term.lasts, Period):
            result.remarks.append(Remark(term.article, "Terme inconnu tant que la prise d'effet l'est."))
        return result
    if starts is not None and out <= starts:
        text = f"Le terme est atteint avant la prise d'effet ({french(starts)})."
        result.remarks.append(Remark(term.article, text))
        result.outs.append(out)
        result.running_out = result.expires = out
        return result
    _walk(result, renewing, on=on, first_out=out, base=base, length=length)
    return result


def unused_renewals(renewal: Renewal | None, path: Course, record: Record) -> list[Remark]:
    """Recorded renewals that no term carries: on the wrong day, twice for one term, or where none is possible."""
    article = renewal.article if renewal else ""
    return [
        Remark(
            article, f"Renouvellement constaté le {french(event.on)} : il ne suit aucun terme, sans effet."
        )
        for event in record.of(EventKind.RENEWED)
        if event not in path.used
    ]


def renewal_remarks(
    renewal: Renewal | None, path: Course, record: Record, oppositions: Sequence[date]
) -> list[Remark]:
    """Silence on the period (code civil 1214-1215), the evaluation that is expected, late oppositions."""
    if renewal is None or renewal.mode == "none":
        return []
    found: list[Remark] = []
    if renewal.period is None and renewal.mode == "tacit":
        text = "Le texte ne donne pas la durée du renouvellement : le terme renouvelé n'a pas de fin connue"
        found.append(Remark(renewal.article, f"{text} (code civil, art. 1214 et 1215)."))
    elif isinstance(renewal.period, Blank):
        found.append(Remark(renewal.article, f"Durée du renouvellement à compléter : {renewal.period.asked}"))
    if renewal.conditions and path.renewals and not record.of(EventKind.EVALUATION_SHARED):
        found += [
            Remark(renewal.article, f"Évaluation partagée non enregistrée : {condition.text}")
            for condition in renewal.conditions
            if condition.kind == "shared_evaluation"
        ]
    last = path.outs[-1] if path.outs else path.starts
    if path.expires is None and last is None and path.renewals:
        late = [day for day in oppositions if day >= path.renewals[-1].since]
        found += [
            Remark(renewal.article, f"Opposition du {french(day)} : aucun terme connu à refuser, sans effet.")
            for day in late
        ]
    return found


def _walk(
    result: Course, renewing: Renewing, *, on: date, first_out: date, base: date, length: Period
) -> None:
    """Term after term. Each end is counted from the original date, so that a 29 or a 31 is never lost."""
    clause = renewing.clause
    out: date | None = first_out
    since = result.starts or date.min
    number = counted = 0
    while out is not None:
        result.outs.append(out)
        if result.running_out is None and out > on:
            result.running_out = out
        evidence = renewing.evidence(since if number else date.min, out)
        if clause is None or not renewing.happens(number, since if number else date.min, out, evidence):
            result.expires = out
            result.opposed = renewing.is_opposed(since if number else date.min, out)
            return
        if evidence is not None:
            result.used.append(evidence)
            result.remarks += _contradictions(renewing, since if number else date.min, out)
        number += 1
        counted += 1
        following: date | None = None
        if evidence is not None and evidence.until is not None and evidence.until >= out:
            following, base, length, counted = evidence.until + DAY, evidence.until + DAY, _NO_PERIOD, 0
        elif isinstance(clause.period, Period):
            following = add(base, length.plus(clause.period, counted))
        if not result.renewals or result.renewals[-1].since <= on:
            until = following - DAY if following else None
            row = RenewalRow(out, until, clause.mode, clause.article, evidence is not None)
            result.renewals.append(row)
        if out > on and (clause.times == "unlimited" or out.year > on.year + _FAR):
            result.outs.append(following)
            return
        since, out = out, following
    result.outs.append(None)


def _contradictions(renewing: Renewing, since: date, out: date) -> list[Remark]:
    """An opposition to a renewal that is on record: both stay, and the parties must know it."""
    article = renewing.clause.article if renewing.clause else ""
    said = f"le renouvellement du {french(out)} est constaté et reste acquis ; elle le contredit, sans effet."
    return [Remark(article, f"Opposition du {french(day)} : {said}") for day in renewing.refusals(since, out)]


def _stated_end(result: Course, term: Term, record: Record) -> date | None:
    """The first day after an end that does not depend on the start; remarks say why it is not known."""
    for event in reversed(record.of(EventKind.EXTERNAL_END)):
        if term.ends_with and event.until is not None:
            text = f"Fin de l'instrument lié ({term.ends_with}) enregistrée : {french(event.until)}."
            result.remarks.append(Remark(term.article, text))
            return event.until + DAY
    if isinstance(term.ends_on, date) and _within(term.ends_on):
        return term.ends_on + DAY
    blank = term.lasts if isinstance(term.lasts, Blank) else term.ends_on
    if isinstance(blank, Blank):
        result.remarks.append(Remark(term.article, f"Terme inconnu, à compléter : {blank.asked}"))
    elif term.lasts is None:
        text = f"Terme inconnu : il suit {term.ends_with or 'un autre instrument'}, dont la fin manque."
        result.remarks.append(Remark(term.article, text))
    elif term.lasts == "indefinite":
        result.remarks.append(Remark(term.article, "Durée indéterminée : aucun terme."))
    return None


def _remark_start(result: Course, term: Term, known: Signing) -> None:
    starts = result.starts
    if isinstance(term.starts, Blank):
        text = f"Prise d'effet inconnue, à compléter : {term.starts.asked}"
    elif starts is None:
        text = "Prise d'effet inconnue tant que toutes les parties n'ont pas signé."
    elif known.last is not None and starts < known.last and isinstance(term.starts, date):
        text = f"Prise d'effet rétroactive : {french(starts)}, avant la signature du {french(known.last)}."
    elif term.starts == "last_signature" and (dates := several_dates(known)):
        text = f"Signatures de dates différentes ({dates}) : la dernière compte."
    else:
        return
    result.remarks.append(Remark(term.article, text))


def _within(day: date) -> date | None:
    """A date that can be counted from; a year 9999 says « never », not a day."""
    return day if FIRST_YEAR <= day.year <= LAST_YEAR else None
