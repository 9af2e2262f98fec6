"""The map of the départements: all of them once, told by pattern and words, its outlines those of the published file."""

from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from maillage.organisations.territories import departements
from maillage.web.presentation.svg import france
from maillage.web.presentation.svg.fills import Fill
from maillage.web.presentation.svg.france import OVERSEAS, Area, FranceMap, france_map, known_codes

NS = "{http://www.w3.org/2000/svg}"
HOSTILE = "<b>&\"'</b>"


def parsed(markup: str) -> ET.Element:
    return ET.fromstring(markup)  # noqa: S314 - our own markup


def drawn(*areas: Area, legend: tuple[tuple[Fill, str], ...] = ((Fill.FULL, "signée"),)) -> ET.Element:
    return parsed(france_map(FranceMap("carte", "Carte", areas, legend, others="sans caisse")))


def said(root: ET.Element) -> list[str]:
    """What each area says of itself."""
    shapes = [*root.iter(f"{NS}path"), *root.iter(f"{NS}rect")]
    return [title.text or "" for shape in shapes if (title := shape.find(f"{NS}title")) is not None]


def test_the_map_has_every_departement_corsica_and_those_overseas_included() -> None:
    assert {"01", "2A", "2B", "75", "95", "971", "972", "973", "974", "976"} <= known_codes()
    inside = {code for code in departements() if len(code) == 2}
    assert known_codes() == inside | set(OVERSEAS)
    assert len(inside) == 96
    names = {line.partition(" (")[0] for line in said(drawn())}
    assert {"Ain", "Corse-du-Sud", "Guadeloupe", "Saint-Pierre-et-Miquelon"} <= names


def test_each_area_says_its_name_and_what_it_is_and_those_around_paris_twice() -> None:
    root = drawn(Area("42", Fill.FULL, "2 conventions signées"), Area("75", Fill.FULL, "1 convention signée"))
    lines = said(root)
    assert len(lines) == 96 + 4 + len(OVERSEAS)
    assert lines.count("Loire (42) : 2 conventions signées") == 1
    assert sum(line.endswith("(75) : 1 convention signée") for line in lines) == 2
    assert lines.count("Mayotte (976) : sans caisse") == 1


def test_an_area_is_told_by_its_pattern_and_the_legend_names_those_in_use() -> None:
    legend = ((Fill.FULL, "signée"), (Fill.HATCHED, "en cours"))
    root = drawn(Area("42", Fill.HATCHED, "en cours"), Area("971", Fill.FULL, "signée"), legend=legend)
    hatched = [item for item in root.iter() if item.get("fill") == "url(#carte-hatched)"]
    assert len(hatched) == 2, "the area and its line in the legend"
    assert [item.get("id") for item in root.iter(f"{NS}pattern")] == ["carte-hatched"]
    words = [item.text for item in root.iter(f"{NS}text")]
    assert [word for word in words if word in {"signée", "en cours", "Sans caisse"}] == [
        "signée",
        "en cours",
        "Sans caisse",
    ]
    total = len(known_codes())
    assert (
        root.findtext(f"{NS}desc")
        == f"Nombre de départements. signée : 1 ; en cours : 1 ; Sans caisse : {total - 2}."
    )


def test_words_are_escaped_and_an_unknown_code_or_a_fill_without_words_is_refused() -> None:
    root = drawn(Area("42", Fill.FULL, HOSTILE), legend=((Fill.FULL, HOSTILE),))
    assert f"Loire (42) : {HOSTILE}" in said(root)
    with pytest.raises(KeyError, match="99"):
        drawn(Area("99", Fill.FULL, "signée"))
    with pytest.raises(ValueError, match="the legend names each fill"):
        drawn(Area("42", Fill.DOTTED, "?"))


def test_the_outlines_stay_inside_the_map_and_close_to_the_published_ones() -> None:
    outlines = france._outlines()
    points = [point for rings in outlines.values() for ring in rings for point in ring]
    assert all(0 <= x <= 613 and 0 <= y <= 585 for x, y in points)
    assert all(x * 2 == int(x * 2) and y * 2 == int(y * 2) for x, y in points)
    whole = parsed(Path(france.OUTLINES).read_text())
    first = next(item for item in whole.iter(f"{NS}path") if item.get("id") == "01")
    true = next(france._absolute(first.get("d") or ""))
    near = outlines["01"][0]
    assert all(min(abs(x - a) + abs(y - b) for a, b in near) <= 0.5 for x, y in true)


def test_a_path_is_read_with_its_moves_and_its_closings() -> None:
    read = [
        list(ring) for ring in france._absolute("m 1,1 2,0 0,2 z m 10,0 h 3 v 3 H 11 L 5 5 z M 0 0 L 9 0 9 9")
    ]
    assert read == [
        [(1, 1), (3, 1), (3, 3)],
        [(11, 1), (14, 1), (14, 4), (11, 4), (5, 5)],
        [(0, 0), (9, 0), (9, 9)],
    ]
    with pytest.raises(ValueError, match="straight lines"):
        list(france._absolute("m 0,0 c 1,1 2,2 3,3 z"))


def test_what_the_grid_reduces_to_nothing_is_left_out() -> None:
    assert list(france._rings("m 0,0 0.1,0 0,0.1 z m 5,5 3,0 0,3 z")) == [
        ((5.0, 5.0), (8.0, 5.0), (8.0, 8.0))
    ]
