"""All that ties the numbers of a release, as whoever reads it may work out: territories, networks, and series that are parts of others."""

from collections.abc import Iterator, Sequence

from maillage.indicators.consolidated.protecting import ALL, Cell, Ground
from maillage.indicators.consolidated.series import SeriesKey

Numbers = dict[tuple[SeriesKey, str, str], int]


def numbered(cells: Sequence[Cell]) -> Numbers:
    """The place of each cell in the release."""
    return {(one.key, one.territory, one.network): place for place, one in enumerate(cells)}


def sums(ground: Ground, cells: Sequence[Cell], links: Sequence[Sequence[SeriesKey]]) -> Iterator[dict[int, int]]:  # fmt: skip
    """Each sum as the signs of its cells. `links`: a series, then those of which it is the sum, everywhere."""
    numbers = numbered(cells)
    territories, networks = ground.territories.codes, ground.networks.codes
    for key in dict.fromkeys(one.key for one in cells):
        for network in networks:
            for parent, children in ground.territories.families():
                yield {numbers[key, territories[parent], network]: 1} | {
                    numbers[key, territories[child], network]: -1 for child in children
                }
        for territory in territories:
            yield {numbers[key, territory, ALL]: 1} | {
                numbers[key, territory, one]: -1 for one in networks[1:]
            }
    for total, *parts in links:
        for territory in territories:
            for network in networks:
                yield {numbers[total, territory, network]: 1} | {
                    numbers[part, territory, network]: -1 for part in parts
                }
