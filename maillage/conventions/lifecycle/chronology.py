"""From which day a fact of each kind may have happened, and on which day a renewal may begin. Pure.

A fact of the life of a convention cannot come before the convention itself. A fact in the wrong window is another matter:
it is recorded and flagged (`denunciations`, `terminations`).
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final

from maillage.conventions.lifecycle.events import Event, EventKind
from maillage.conventions.lifecycle.judging import Case, Judgement
from maillage.conventions.lifecycle.reading import combine
from maillage.conventions.lifecycle.record import Record, signing
from maillage.conventions.lifecycle.recorded import RecordedKind
from maillage.conventions.lifecycle.rules import HasLifecycle
from maillage.core.calendar import DAY, french

FROM_SIGNATURE: Final = frozenset(
    {
        RecordedKind.DENUNCIATION,
        RecordedKind.FORMAL_NOTICE,
        RecordedKind.COMPLIED,
        RecordedKind.TERMINATED,
        RecordedKind.ENDED_BY_AGREEMENT,
        RecordedKind.RENEWAL_OPPOSED,
        RecordedKind.RENEWED,
        RecordedKind.EVALUATION_SHARED,
        RecordedKind.SUPERSEDED,
    }
)
"""What only happens to a convention that binds: not before all had signed."""
FROM_PROPOSAL: Final = frozenset({RecordedKind.READING_RETAINED, RecordedKind.EXTERNAL_END})
"""What the parties may settle or learn while they sign: not before the text was in their hands."""
_SHOWN: Final = 3


def too_early(kind: RecordedKind, day: date, keys: Sequence[str], events: Iterable[Event], on: date) -> str:
    """Why a fact of this kind cannot be of that day; nothing when it can. Other kinds may precede the convention."""
    record = Record(events, on)
    signed = signing(keys, record).last
    if kind in FROM_SIGNATURE and signed is not None and day < signed:
        return f"La convention n’était pas encore signée : elle l’a été par toutes ses parties le {french(signed)}."
    if kind in FROM_PROPOSAL:
        known = [event.on for event in record.ordered if event.kind in _TEXT_KNOWN]
        if known and day < min(known):
            return (
                f"Ce texte n’existait pas encore : il est connu des parties depuis le {french(min(known))}."
            )
    return ""


def why_no_renewal(
    terms: HasLifecycle, events: Iterable[Event], on: date, day: date, departement: str = "75"
) -> str:
    """Why no renewal can be recorded on `day`; nothing when it can, under one reading at least.

    A tacit renewal begins on the day after a term; an express one is decided before the term ends.
    """
    case = Case(terms, events, on, departement)
    if case.renewal is None or case.renewal.mode == "none":
        return "Le texte ne prévoit pas de renouvellement."
    judged = [result.value for result in combine(case.ambiguities, case.judge)]
    if case.renewal.mode == "express":
        return _why_not_decided(judged, day)
    days = sorted({row.since for one in judged for row in one.course.renewals if row.since <= on})
    if day in days:
        return ""
    begins = "Un renouvellement commence le lendemain d’un terme"
    if days:
        return f"{begins} : {', '.join(french(one) for one in days[-_SHOWN:])}."
    return f"{begins}, et aucun terme renouvelé n’a commencé à ce jour."


def _why_not_decided(judged: Sequence[Judgement], day: date) -> str:
    lasts = [
        one.course.expires
        for one in judged
        if one.course.expires is not None and (one.out is None or one.course.expires <= one.out)
    ]
    if not lasts:
        return "Aucun terme n’est à renouveler."
    if day < max(lasts):
        return ""
    return f"Un renouvellement se décide avant la fin du terme, au plus tard le {french(max(lasts) - DAY)}."


_TEXT_KNOWN: Final = frozenset({EventKind.PROPOSED, EventKind.SIGNED})
