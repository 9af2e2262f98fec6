"""One release after another: what was published stays so, and what was hidden then is not computed now."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from maillage.indicators.disclosure.suppression import Pattern, protect
from maillage.indicators.disclosure.systems import Mask, Place, System


class Changed(ValueError):
    """Counts published before are others now: `places`. A correction is published as a new series, never over the old one."""

    def __init__(self, places: tuple[Place, ...]) -> None:
        super().__init__(f"{len(places)} published counts are others now")
        self.places = places


@dataclass(frozen=True, slots=True)
class Ledger:
    """What everybody may have kept of the releases so far: the counts published, and the places that were hidden."""

    published: Mapping[Place, int] = field(default_factory=dict)
    hidden: frozenset[Place] = frozenset()


@dataclass(frozen=True, slots=True)
class Release:
    """What goes out: the pattern over the whole system, the cells read from now on, and the ledger once they are."""

    pattern: Pattern
    told: Mask
    ledger: Ledger


def release(
    system: System,
    sensitive: Mask,
    ledger: Ledger,
    *,
    unreleased: Mask | None = None,
    withheld: Mask | None = None,
) -> Release:
    """Protect the tables of a release together with those that went out before, which `system` holds too.

    `unreleased`: the cells of periods that are not over, and of those that hold them. `withheld`: those of periods that are over and
    that this release does not give (a month that was left out, a place too small to be told): they may be computed, unless they are
    sensitive. Raises Changed; ValueError when the ledger names a place that the system has not; CannotProtect when something hidden,
    now or then, would be computed: the release is blocked.
    """
    number = {place: cell for cell, place in enumerate(system.places)}
    if gone := (set(ledger.published) | ledger.hidden) - set(number):
        raise ValueError(f"{len(gone)} places of earlier releases are not in the system")
    changed = tuple(
        place for place, count in ledger.published.items() if system.counts[number[place]] != count
    )
    if changed:
        raise Changed(changed)
    published, hidden = (_mask(system, number, places) for places in (ledger.published, ledger.hidden))
    later, kept = system.mask(unreleased), system.mask(withheld) & ~published
    must_hide = (sensitive & ~later & ~published) | hidden
    free = later | not_given(system, kept & ~must_hide)
    pattern = protect(system, must_hide, published=published, unreleased=free)
    told = ~pattern.hidden & ~later & ~kept
    return Release(
        pattern,
        told,
        Ledger(
            {system.places[cell]: int(system.counts[cell]) for cell in np.flatnonzero(told).tolist()},
            frozenset(system.places[cell] for cell in np.flatnonzero(pattern.hidden).tolist()),
        ),
    )


def not_given(system: System, withheld: Mask) -> Mask:
    """The cells of which nobody is told, and that somebody may compute without harm.

    Those that count nobody are taken for known: between two that are, a count that cannot be negative would be caught.
    """
    found: Mask = withheld & (system.counts > 0)
    return found


def _mask(
    system: System, number: Mapping[Place, int], places: Mapping[Place, int] | frozenset[Place]
) -> Mask:
    mask = system.mask(None)
    mask[[number[place] for place in places]] = True
    return mask
