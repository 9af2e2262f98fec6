"""A year of credits drawn: well-formed, said in words, its labels apart, whatever the amounts."""

from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage.web.credits.drawing import short
from maillage.web.presentation.svg.cumulative import Ahead, Consumption, Curve, consumption

NS = "{http://www.w3.org/2000/svg}"
AMOUNTS = st.integers(-(10**15), 10**15)


def drawn(
    sums: list[int], objective: int | None, ahead: Ahead | None, before: list[int] | None
) -> ET.Element:
    return ET.fromstring(  # noqa: S314 - our own markup
        consumption(
            Consumption(
                "x",
                "Cumul & <objectif>",
                "En mots",
                Curve("2026", sums),
                short,
                Curve("2025", before) if before else None,
                objective,
                ahead,
            )
        )
    )


@given(
    st.lists(AMOUNTS, max_size=12),
    st.none() | AMOUNTS,
    st.none() | st.builds(Ahead, AMOUNTS, st.none() | AMOUNTS, st.none() | AMOUNTS),
    st.none() | st.lists(AMOUNTS, min_size=12, max_size=12),
)
def test_any_amounts_give_a_drawing_within_its_frame(
    sums: list[int], objective: int | None, ahead: Ahead | None, before: list[int] | None
) -> None:
    root = drawn(sums, objective, ahead, before)
    assert root.findtext(f"{NS}title") == "Cumul & <objectif>"
    height = float(root.get("height") or 0)
    for text in root.iter(f"{NS}text"):
        assert 0 <= float(text.get("y") or -1) <= height + 40
    for dot in root.iter(f"{NS}circle"):
        assert 0 <= float(dot.get("cy") or -1) <= height


@given(AMOUNTS, AMOUNTS, AMOUNTS)
def test_the_labels_at_the_right_never_touch(objective: int, point: int, last: int) -> None:
    root = drawn([1], objective, Ahead(point), [last] * 12)
    ends = [float(one.get("y") or 0) for one in root.iter(f"{NS}text") if float(one.get("x") or 0) > 590]
    apart = sorted(ends)
    assert len(apart) == 3
    assert all(below - above >= 16.9 for above, below in pairwise(apart))


def test_a_whole_year_has_no_projection_drawn() -> None:
    year = [100 * month for month in range(1, 13)]
    assert not list(drawn(year, None, Ahead(1200, 1100, 1300), None).iter(f"{NS}polygon"))
    assert list(drawn(year[:5], None, Ahead(1200, 1100, 1300), None).iter(f"{NS}polygon"))


@pytest.mark.parametrize(
    ("cents", "said"),
    [
        (0, "0 €"),
        (85_049, "850 €"),
        (1_250_000_000, "12,5 M€"),
        (125_000_000_000, "1 250 M€"),
        (-300_000_000, "−3,0 M€"),
    ],
)
def test_an_amount_is_written_shortly(cents: int, said: str) -> None:
    assert short(cents).replace("\u00a0", " ").replace("\u202f", " ") == said
