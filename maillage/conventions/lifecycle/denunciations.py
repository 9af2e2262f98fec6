"""Denunciation at any time with a notice, or around the anniversary (S0 art. 6, S2 art. 9)."""

from datetime import date

from maillage.conventions.lifecycle.facts import ExitRow, Remark
from maillage.conventions.lifecycle.letters import (
    COUNTED_FROM_LABELS,
    DENUNCIATION,
    Letters,
    known_letters,
    last_day_of,
)
from maillage.conventions.lifecycle.situation import Effect, Outcome, Situation, exit_row
from maillage.conventions.lifecycle.states import EndKind
from maillage.conventions.terms.duration import AnniversaryDenunciation, Denunciation
from maillage.core.calendar import DAY, Period, french, next_anniversary_after, subtract

_KIND = "denunciation"


def at_any_time(clause: Denunciation, reading: str, situation: Situation) -> Outcome:
    """A notice of 2 months sent on 31/12/2016 runs until 28/02/2017, effect 01/03/2017 (S0 art. 6)."""
    if not situation.record.has_any(DENUNCIATION.values()):
        return Outcome(exit_row(clause, _KIND, reading))
    remarks: list[Remark] = []
    effects: list[Effect] = []
    for letter in _valid_letters(clause, situation, remarks):
        if isinstance(clause.notice, Period):
            last = last_day_of(letter.last, clause.notice, situation.departement)
            effects.append(_leaving(clause, last + DAY, letter))
            text = f"Dénonciation : préavis de {clause.notice.label()} jusqu'au {french(last)}."
        else:
            text = "Dénonciation : effet inconnu, le texte ne donne pas de préavis."
        remarks.append(Remark(clause.article, text))
    effect = min((effect.day for effect in effects), default=None)
    return Outcome(exit_row(clause, _KIND, reading, effect=effect), tuple(effects), tuple(remarks))


def around_anniversary(clause: AnniversaryDenunciation, reading: str, situation: Situation) -> Outcome:
    """3 months before 01/03/2024: inside 01/12/2023 - 29/02/2024, or on 01/12/2023 at the latest (S2 art.
    9).
    """
    if not isinstance(clause.before, Period):
        remark = Remark(clause.article, f"Dénonciation : délai à compléter : {clause.before.asked}")
        return Outcome(exit_row(clause, _KIND, reading), (), (remark,))
    target = target_after(clause, situation, situation.on)
    row = _bounds(clause, reading, clause.before, target, target)
    if not situation.record.has_any(DENUNCIATION.values()):
        return Outcome(row)
    remarks: list[Remark] = []
    effects: list[Effect] = []
    for letter in _valid_letters(clause, situation, remarks):
        day = _effect_of(clause, clause.before, letter, situation, remarks)
        if day is not None:
            effects.append(_leaving(clause, day, letter))
        if not effects:
            missed = target_after(clause, situation, letter.last)
            row = _bounds(clause, reading, clause.before, missed, None)
    if effects:
        first = min(effect.day for effect in effects)
        row = _bounds(clause, reading, clause.before, first, first)
    return Outcome(row, tuple(effects), tuple(remarks))


def target_after(clause: AnniversaryDenunciation, situation: Situation, day: date) -> date | None:
    """The anniversary, or the end of term, that a denunciation of `day` comes before; `None` if unknown."""
    if clause.before_what == "term":
        return situation.course.out_after(day)
    starts = situation.course.starts
    return next_anniversary_after(starts, day) if starts else None


def _bounds(
    clause: AnniversaryDenunciation, reading: str, before: Period, target: date | None, effect: date | None
) -> ExitRow:
    if target is None:
        return exit_row(clause, _KIND, reading)
    limit = subtract(target, before)
    if clause.limit == "window":
        return exit_row(clause, _KIND, reading, first_day=limit, last_day=target - DAY, effect=effect)
    return exit_row(clause, _KIND, reading, last_day=limit, effect=effect)


def _effect_of(
    clause: AnniversaryDenunciation,
    before: Period,
    letter: Letters,
    situation: Situation,
    remarks: list[Remark],
) -> date | None:
    """Its effect. Too early for a window, it has none; too late for a limit, it works for the next one."""
    target = target_after(clause, situation, letter.last)
    if target is None:
        remarks.append(Remark(clause.article, "Dénonciation : l'échéance qu'elle vise est inconnue."))
        return None
    limit = subtract(target, before)
    if clause.limit == "window":
        if letter.first >= limit:
            return target
        window = f"{french(limit)} - {french(target - DAY)}"
        text = f"Dénonciation du {french(letter.first)} hors de la fenêtre {window} : sans effet."
        remarks.append(Remark(clause.article, text))
        return None
    if letter.last <= limit:
        return target
    later = target_after(clause, situation, target)
    while later is not None and subtract(later, before) < letter.last:
        later = target_after(clause, situation, later)
    then = f"effet reporté au {french(later)}" if later else "sans effet connu"
    text = f"Dénonciation du {french(letter.last)} hors délai (au plus tard le {french(limit)}) : {then}."
    remarks.append(Remark(clause.article, text))
    return later


def _leaving(clause: Denunciation | AnniversaryDenunciation, day: date, letter: Letters) -> Effect:
    leaves = clause.effect == "party_leaves"
    return Effect(day, EndKind.DENOUNCED, letter.party, leaves, clause=clause.name)


def _valid_letters(
    clause: Denunciation | AnniversaryDenunciation, situation: Situation, remarks: list[Remark]
) -> list[Letters]:
    """The letters that count. Flagged: incomplete, before the signature, from a party that may not."""
    found = known_letters(situation.record, DENUNCIATION, clause.counted_from, clause.name, situation.keys)
    if not found:
        what = COUNTED_FROM_LABELS.get(clause.counted_from, "une date non précisée")
        text = f"Dénonciation : le délai court de {what}, qui manque pour un destinataire au moins."
        remarks.append(Remark(clause.article, text))
    kept: list[Letters] = []
    for letter in found:
        if situation.bound_on is None or letter.last < situation.bound_on:
            text = f"Dénonciation du {french(letter.last)} antérieure à la signature : sans effet."
            remarks.append(Remark(clause.article, text))
        elif clause.by and letter.party is not None and letter.party not in clause.by:
            whose = situation.named(letter.party)
            text = f"Dénonciation par {whose}, à qui le texte ne l'ouvre pas : sans effet."
            remarks.append(Remark(clause.article, text))
        else:
            kept.append(letter)
    return kept
