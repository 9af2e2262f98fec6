"""The two clocks of an application as they are drawn, side by side; each date says why, from the steps that led to it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.utils.text import capfirst

from maillage.rights.clocks.explaining import LAW_ENDS, MARK, PROMISE_ENDS, Step
from maillage.rights.clocks.law import Silence
from maillage.rights.clocks.promise import State
from maillage.rights.due import Due
from maillage.rights.models import Application
from maillage.web.presentation.components import DueBadge, Explanation, Fact, ReadingLine, due_badge
from maillage.web.presentation.dates import long_date, short_date
from maillage.web.presentation.tones import Tone

_SILENCES: Final = {
    Silence.ACCEPTANCE: (
        "Le silence vaut accord",
        "Sans décision ce jour-là, le droit s’ouvre : Maillage le note le lendemain.",
    ),
    Silence.REJECTION: (
        "Le silence vaut refus",
        "Sans décision ce jour-là, la personne peut contester ; la caisse peut encore décider.",
    ),
}


@dataclass(frozen=True, slots=True)
class Dial:
    """One clock: its badge where it has a date, else a sentence that says why it has none; facts; what is usual beside it."""

    title: str
    badge: DueBadge | None
    says: str
    facts: Sequence[Fact]
    marks: Sequence[str] = ()


def dials(due: Due, application: Application, *, on: date) -> tuple[Dial, Dial]:
    """The convention's, strict; the law's, rolled."""
    steps = due.steps()
    return _promised(due, steps, application, on), _legal(due, steps, application, on)


def _promised(due: Due, steps: Sequence[Step], application: Application, on: date) -> Dial:
    owed, last = due.owed, due.owed.due
    facts = [Fact("Article", f"{owed.article} de la convention")] if owed.article else []
    marks = [
        f"Repère, sans engagement : {long_date(one.due)} ({one.reading.text})."
        for one in owed.readings
        if one.due is not None and not one.reading.binds
    ]
    if last is None:
        return Dial(_PROMISE, None, _no_promise(due), facts, marks)
    bound = [one for one in owed.readings if one.reading.binds and one.due is not None]
    readings = [
        ReadingLine(one.reading.text, long_date(one.due)) for one in bound if one.due is not None
    ] if len(bound) > 1 else []  # fmt: skip
    why = _why(steps, PROMISE_ENDS, last, readings=readings, calendar="Jours du calendrier, sans report")
    ends = {
        State.KEPT: (_decided("Tenu", application), Tone.GOOD),
        State.MISSED: (_decided("Dépassé", application), Tone.LATE),
    }
    return Dial(_PROMISE, _badge(last, on, why, application, ends.get(owed.state)), "", facts, marks)


_PROMISE: Final = "L’engagement de la convention"
_LAW: Final = "Le délai de la loi"


def _no_promise(due: Due) -> str:
    if due.owed.state is State.INFORMATIVE:
        return "La convention ne promet aucun jour : elle donne un délai moyen, pour information."
    if not due.promise.readings:
        return "La convention ne promet aucun délai pour ce droit."
    if due.course.complete is None:
        return "Rien n’est promis tant que le dossier n’est pas complet."
    return "La convention ne promet un délai qu’aux dossiers complets dès leur réception : celui-ci fut complété ensuite."


def _legal(due: Due, steps: Sequence[Step], application: Application, on: date) -> Dial:
    law, rule = due.law, due.rule
    facts = []
    if law.silence is not None:
        words, detail = _SILENCES[law.silence]
        facts.append(Fact("À son terme", words, detail))
    facts.append(Fact("Source", law.source))
    if law.due is None:
        if rule.within is None:
            says = "La loi ne donne aucun délai pour ce droit."
        elif rule.counted == "complete":
            says = "Il court dès que le dossier est complet."
        else:
            says = "Suspendu : des pièces sans lesquelles le dossier ne peut être jugé sont attendues."
        return Dial(_LAW, None, says, facts)
    calendar = "Jours fériés du département de la caisse" if rule.rolls else "Jours du calendrier"
    why = _why(steps, LAW_ENDS, law.due, calendar=calendar)
    end = None
    if application.lapsed_on is not None:
        end = (f"Passé sans décision le {short_date(application.lapsed_on)}", Tone.LATE)
    elif application.decided_on is not None:
        in_time = application.decided_on <= law.due
        end = (_decided("Tenu" if in_time else "Dépassé", application), Tone.GOOD if in_time else Tone.LATE)
    return Dial(_LAW, _badge(law.due, on, why, application, end), "", facts)


def _decided(word: str, application: Application) -> str:
    on = application.decided_on
    return f"{word} : décision le {short_date(on)}" if on else word


def _badge(
    last: date, on: date, why: Explanation, application: Application, end: tuple[str, Tone] | None
) -> DueBadge:
    """How far it is while it runs; how it ended once it has."""
    if end is not None:
        return DueBadge(end[0], end[1], f"pour le {short_date(last)}", why)
    if application.closed_at is not None:
        return DueBadge("Ne court plus", Tone.NEUTRAL, short_date(last), why)
    return due_badge(last, on, why)


def _why(
    steps: Sequence[Step], ends: str, last: date, *, readings: Sequence[ReadingLine] = (), calendar: str
) -> Explanation:
    """Each fact up to the date, then what leads from them to it."""
    facts = [
        f"{step.what}, le {long_date(step.on)}" + (f" ({step.why})" if step.why else "")
        for step in steps
        if step.what not in (PROMISE_ENDS, LAW_ENDS, MARK)
    ]
    found = next(step for step in steps if step.what == ends and step.on == last)
    return Explanation(
        fact=capfirst(" ; ".join(fact[0].lower() + fact[1:] for fact in facts)) + ".",
        rule=f"{capfirst(found.why)}.",
        article=found.source,
        calendar=calendar,
        readings=readings,
    )
