"""The year to replay: how many referrals, who each is about and what becomes of it. Pure, and the same at every start.

Proportions: the figures of 2019 in S4, annex 2. Nobody is in it: names of examples, numbers that no telephone and no birth has.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property
from hashlib import sha256
from random import Random
from typing import Final
from uuid import UUID

from maillage.beneficiaries.rules import Identity
from maillage.catalogue.facts import CARE, RENUNCIATION_REASONS
from maillage.referrals.ending.rules import HELPED, NOT_DONE
from maillage.referrals.rules import MOTIVES
from maillage.referrals.states import State

REFERRALS: Final = 80_230
RENUNCIATIONS: Final = 127_000
WITH_CARE: Final = 36_580
WITHOUT_CARE: Final = 33_431
HELPED_SHARE: Final = 0.3
"""« Près de 30 % » of those closed without care led to help with rights."""

FOLLOWED: Final = "c2s"
"""The right that the caisse follows for everybody: noted under way at first, settled at closing."""
_SEED: Final = 2019
_FIRST_TOKEN: Final = 1_546_300_800_000  # ms: 2019 begins; ids in the order of the year, as a year's own are
_GIVEN_NAMES: Final = ("Ambre", "Basile", "Céleste", "Dorian", "Eulalie", "Firmin", "Garance", "Hector")
_MOST_CARE: Final = 6


class Fate(StrEnum):
    """What becomes of a referral, as S4 counts it."""

    WITH_CARE = "with_care"
    WITHOUT_CARE = "without_care"
    UNDER_WAY = "under_way"


class Verb(StrEnum):
    """The steps of a whole referral, in their order: the sender's two, then the caisse's."""

    WRITE = "write"
    SEND = "send"
    ACKNOWLEDGE = "acknowledge"
    ACCEPT = "accept"
    CONTACT = "contact"
    NOTE = "note"
    PAUSE = "pause"
    CLOSE = "close"


_BEGINNING: Final = tuple(verb for verb in Verb if verb not in {Verb.PAUSE, Verb.CLOSE})


@dataclass(frozen=True, slots=True)
class Expected:
    """The counts of a year of some size, in S4's proportions; `helped` is among those without care."""

    referrals: int
    renunciations: int
    with_care: int
    without_care: int
    helped: int
    under_way: int


@dataclass(frozen=True, slots=True)
class Seen:
    """What stands in the database of one referral."""

    state: str
    contacted: bool
    noted: bool


@dataclass(frozen=True, slots=True)
class Story:
    """One referral of the year: what the sender writes, and what the caisse will answer of each care and of the right followed.

    `found` of its last renunciations are the caisse's own findings. `answers` and `right` are empty where it stays under way.
    """

    number: int
    token: UUID
    attempt: UUID
    fate: Fate
    paused: bool
    urgent: bool
    motives: tuple[str, ...]
    renunciations: tuple[tuple[str, str], ...]
    found: int
    answers: tuple[str, ...]
    right: str

    @property
    def end(self) -> Verb | None:
        """The step that brings it where it stays; None for what stays as it was noted."""
        if self.fate is Fate.UNDER_WAY:
            return Verb.PAUSE if self.paused else None
        return Verb.CLOSE

    def remaining(self, seen: Seen | None) -> tuple[Verb, ...]:
        """What is still to be done: all of it where nothing stands, nothing where its end was reached."""
        end = (self.end,) if self.end else ()
        steps = (*_BEGINNING, *end)
        if seen is None:
            return steps
        if seen.state == State.SENT:
            return steps[steps.index(Verb.ACKNOWLEDGE) :]
        if seen.state == State.ACKNOWLEDGED:
            return steps[steps.index(Verb.ACCEPT) :]
        if seen.state != State.ACCEPTED:
            return ()
        if seen.noted:
            return end
        return steps[steps.index(Verb.NOTE if seen.contacted else Verb.CONTACT) :]

    def person(self) -> Identity:
        """Somebody of whom there is none: no register numbers a birth 000, and this range of telephones is for fiction."""
        year, month = 1930 + self.number % 75, self.number // 75 % 12 + 1
        commune = self.number // 900 % 990 + 1
        last = self.number % 10_000
        return Identity(
            surname=f"Exemple-{self.number:06d}",
            given_name=_GIVEN_NAMES[self.number % len(_GIVEN_NAMES)],
            birth_date=date(year, month, self.number % 28 + 1),
            phone=f"06 39 98 {last // 100:02d} {last % 100:02d}",
            nir=_impossible_nir(self.number % 2 + 1, year % 100, month, commune),
        )


def _impossible_nir(sex: int, year: int, month: int, commune: int) -> str:
    """A NIR with its right key, whose order of birth, 000, is nobody's."""
    number = f"{sex}{year:02d}{month:02d}42{commune:03d}000"
    return f"{number}{97 - int(number) % 97:02d}"


@dataclass(frozen=True)
class Year:
    """A year of so many referrals."""

    referrals: int = REFERRALS

    @cached_property
    def expected(self) -> Expected:
        """Its counts, each rounded to the nearest."""
        share = self.referrals / REFERRALS
        with_care, without = round(WITH_CARE * share), round(WITHOUT_CARE * share)
        return Expected(
            referrals=self.referrals,
            renunciations=round(RENUNCIATIONS * share),
            with_care=with_care,
            without_care=without,
            helped=round(without * HELPED_SHARE),
            under_way=self.referrals - with_care - without,
        )

    @cached_property
    def _fates(self) -> list[tuple[Fate, bool]]:
        """The fate of each, and whether it was helped with rights though without care; mixed as a year mixes them."""
        counts = self.expected
        fates = [(Fate.WITH_CARE, False)] * counts.with_care
        fates += [(Fate.WITHOUT_CARE, True)] * counts.helped
        fates += [(Fate.WITHOUT_CARE, False)] * (counts.without_care - counts.helped)
        fates += [(Fate.UNDER_WAY, False)] * counts.under_way
        return _mixed(fates)

    @cached_property
    def _cares(self) -> list[int]:
        """How much care each renounces: one at least where it ends with or without care, any number where it is under way."""
        cares = [0 if fate is Fate.UNDER_WAY else 1 for fate, _ in self._fates]
        draw = Random(_SEED)  # noqa: S311 - the same year at every start is what is wanted
        missing = self.expected.renunciations - sum(cares)
        while missing > 0:
            number = int(draw.random() * self.referrals)
            if cares[number] < _MOST_CARE:
                cares[number] += 1
                missing -= 1
        return cares

    def story(self, number: int) -> Story:
        """The referral of this number, from 0."""
        fate, helped = self._fates[number]
        count = self._cares[number]
        care, reasons, motives = tuple(CARE), tuple(RENUNCIATION_REASONS), tuple(MOTIVES)
        return Story(
            number=number,
            token=_id("token", number),
            attempt=_id("attempt", number),
            fate=fate,
            paused=number % 4 == 0,
            urgent=number % 20 == 0,
            motives=(motives[number % len(motives)],),
            renunciations=tuple(
                (care[(number + one) % len(care)], reasons[(number // 3 + one) % len(reasons)])
                for one in range(count)
            ),
            found=1 if count > 1 and number % 8 == 0 and fate is not Fate.UNDER_WAY else 0,
            answers=_answers(fate, number, count),
            right=_right(fate, number, helped=helped),
        )


def _mixed(fates: list[tuple[Fate, bool]]) -> list[tuple[Fate, bool]]:
    draw = Random(_SEED)  # noqa: S311 - the same
    return [fate for _, fate in sorted((draw.random(), fate) for fate in fates)]


def _answers(fate: Fate, number: int, count: int) -> tuple[str, ...]:
    """Of each care: one done is enough to count with care; none of them where it ends without."""
    if fate is Fate.UNDER_WAY:
        return ()
    reasons = tuple(NOT_DONE)
    not_done = tuple(reasons[(number + one) % len(reasons)] for one in range(count))
    if fate is Fate.WITHOUT_CARE:
        return not_done
    return tuple("done" if one % 2 == 0 else not_done[one] for one in range(count))


def _right(fate: Fate, number: int, *, helped: bool) -> str:
    if fate is Fate.UNDER_WAY:
        return ""
    if helped:
        return HELPED[number % len(HELPED)]
    if fate is Fate.WITHOUT_CARE:
        return "refused" if number % 5 == 0 else "not_applicable"
    return ("opened", "not_applicable", "accompanied", "not_applicable")[number % 4]


def _id(what: str, number: int) -> UUID:
    """A version 7 id in the order of the year, always the same for this number."""
    digest = int.from_bytes(sha256(f"{what}:{number}".encode()).digest()[:10], "big")
    value = (_FIRST_TOKEN + number) << 80 | digest
    value = value & ~(0xF << 76) | 0x7 << 76
    return UUID(int=value & ~(0x3 << 62) | 0x2 << 62)
