"""The report of a replay, in French: its rate, its outcomes as the convention itself counts them, and that nothing was done twice."""

import os
import platform
from dataclasses import dataclass
from typing import Final

from django.db import connections

from benchmarks.replay.running import Place, Run
from benchmarks.replay.steps import Cast
from benchmarks.replay.year import (
    HELPED_SHARE,
    REFERRALS,
    RENUNCIATIONS,
    WITH_CARE,
    WITHOUT_CARE,
    Verb,
    Year,
)
from maillage.referrals.counting import OutcomeCounts, outcome_counts

_WORDS: Final[dict[str, str]] = {
    Verb.WRITE: "écrire le brouillon",
    Verb.SEND: "envoyer",
    Verb.ACKNOWLEDGE: "accuser réception",
    Verb.ACCEPT: "accepter",
    Verb.CONTACT: "joindre la personne",
    Verb.NOTE: "noter ce qui est connu",
    Verb.PAUSE: "mettre en pause",
    Verb.CLOSE: "clôturer sur les deux axes",
}
# A step done twice would leave two entries in the journal: « send » has one entry for each sending, « close » for each closing.
_ONCE: Final = """
SELECT count(*) FILTER (WHERE verb = 'send'), count(*) FILTER (WHERE verb = 'close'), count(*) FILTER (WHERE verb = 'contact')
  FROM audit_entry WHERE object_type = 'referral' AND verb IN ('send', 'close', 'contact')
"""
_ROWS: Final = """
SELECT (SELECT count(*) FROM cases_case), (SELECT count(*) FROM referrals_contactattempt), (SELECT count(*) FROM referrals_draft)
"""


@dataclass(frozen=True, slots=True)
class Once:
    """What the journal and the tables hold: sendings, closings, contacts noted, cases, attempts, drafts that are left."""

    sent: int
    closed: int
    contacted: int
    cases: int
    attempts: int
    drafts: int


@dataclass(frozen=True, slots=True)
class Result:
    """Where a replay stands: what each start did, what the convention counts, what was done once."""

    year: Year
    runs: tuple[Run, ...]
    counts: OutcomeCounts
    once: Once

    @property
    def seconds(self) -> float:
        """Seconds of all starts, from the first step of each."""
        return sum(run.seconds for run in self.runs)

    @property
    def rate(self) -> float:
        """Referrals brought to their end in a second, over all starts."""
        done = sum(run.referrals for run in self.runs)
        return done / self.seconds if self.seconds else 0.0

    @property
    def gaps(self) -> dict[str, int]:
        """How far each count is from S4's proportion at this size; all zero at the end of a replay."""
        expected, counts = self.year.expected, self.counts
        return {
            "referrals": counts.referrals - expected.referrals,
            "renunciations": counts.renunciations - expected.renunciations,
            "with_care": counts.with_care - expected.with_care,
            "without_care": counts.without_care - expected.without_care,
            "helped": counts.helped - expected.helped,
            "under_way": counts.under_way - expected.under_way,
        }

    @property
    def is_whole(self) -> bool:
        """Whether the year is there, in S4's proportions, each step done once."""
        expected, once = self.year.expected, self.once
        closed = expected.with_care + expected.without_care
        whole = (expected.referrals, closed) == (once.sent, once.closed)
        return (
            whole
            and once.cases == once.contacted == once.attempts == once.sent
            and not (once.drafts or any(self.gaps.values()))
        )


def result(place: Place, year: Year) -> Result:
    """Where a replay stands now; the connections speak to its database."""
    cast = Cast()
    with cast.adviser.acting(cast.day) as adviser:
        counts = outcome_counts(cast.convention, adviser)
    with connections["owner"].cursor() as cursor:
        cursor.execute(_ONCE)
        done = cursor.fetchone()
        cursor.execute(_ROWS)
        rows = cursor.fetchone()
    return Result(year, tuple(place.runs()), counts, Once(*done, *rows))


def write(place: Place, found: Result) -> None:
    """The report, in the place of the former one."""
    place.directory.mkdir(parents=True, exist_ok=True)
    place.report.write_text(text(found))


def text(found: Result) -> str:
    """The report."""
    closed, done = (sum(getattr(run, name) for run in found.runs) for name in ("closed", "referrals"))
    lanes = sorted({run.lanes for run in found.runs})
    state = "complet" if found.is_whole else "en cours, ou incomplet"
    once, counts = found.once, "\n".join(_counted(found))
    return f"""# Rejeu d’une année : {_number(found.year.referrals)} orientations

- État : {state}.
- Débit : {_decimal(found.rate)} orientations entières par seconde ({_number(done)} en {_decimal(found.seconds)} s), dont
  {_number(closed)} closes.
- Démarrages : {len(found.runs)} ; processus : {", ".join(map(str, lanes)) or "—"} ; cœurs : {os.cpu_count()} ;
  {platform.machine()}, Python {platform.python_version()}. D’un démarrage interrompu, les chiffres s’arrêtent à la dernière
  seconde écrite.
- Chaque orientation est écrite, envoyée, accusée, acceptée, suivie d’un contact et notée par les actions de Maillage, une
  transaction chacune ; celles qui se terminent sont closes sur les deux axes, une sur quatre des autres est mise en pause.

## Ce que compte la convention

| | S4, 2019 | à cette taille | compté | écart |
|---|--:|--:|--:|--:|
{counts}

Renoncements par orientation : {_decimal(found.counts.mean, 2)} (S4 : {_decimal(RENUNCIATIONS / REFERRALS, 2)}, dit « 1,6 »). S4 donne
« près de 30 % » d’accompagnements aux droits parmi les clôtures sans soins ; « en cours » est ce que ses chiffres laissent.

## Rien deux fois

Au journal : {_number(once.sent)} envois, {_number(once.contacted)} contacts, {_number(once.closed)} clôtures. Dans les tables :
{_number(once.cases)} dossiers, {_number(once.attempts)} contacts, brouillons restants : {_number(once.drafts)}.

## Ce que coûte chaque étape

| étape | fois | ms chacune | part du temps |
|---|--:|--:|--:|
{_steps(found.runs)}
"""


def _counted(found: Result) -> list[str]:
    counts, expected, gaps = found.counts, found.year.expected, found.gaps
    year = {
        "referrals": ("Orientations", REFERRALS),
        "renunciations": ("Renoncements", RENUNCIATIONS),
        "with_care": ("Closes avec soins", WITH_CARE),
        "without_care": ("Closes sans soins", WITHOUT_CARE),
        "helped": ("dont aide aux droits", round(WITHOUT_CARE * HELPED_SHARE)),
        "under_way": ("En cours", REFERRALS - WITH_CARE - WITHOUT_CARE),
    }
    return [
        f"| {words} | {_number(national)} | {_number(getattr(expected, name))} | {_number(getattr(counts, name))} | {gaps[name]:+d} |"
        for name, (words, national) in year.items()
    ]


def _steps(runs: tuple[Run, ...]) -> str:
    taken: dict[str, tuple[float, float]] = {}
    for run in runs:
        for verb, (number, seconds) in run.steps.items():
            known = taken.get(verb, (0, 0.0))
            taken[verb] = (known[0] + number, known[1] + seconds)
    whole = sum(seconds for _, seconds in taken.values()) or 1.0
    return "\n".join(
        f"| {words} | {_number(int(taken[verb][0]))} | {_decimal(taken[verb][1] / taken[verb][0] * 1000)} | "
        f"{_decimal(taken[verb][1] / whole * 100, 0)} % |"
        for verb, words in _WORDS.items()
        if verb in taken
    )


def _number(value: int) -> str:
    return f"{value:,}".replace(",", "\u202f")


def _decimal(value: float, places: int = 1) -> str:
    return f"{value:,.{places}f}".replace(",", "\u202f").replace(".", ",")
