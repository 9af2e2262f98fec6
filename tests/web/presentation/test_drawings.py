"""Drawings: well-formed, escaped, accessible, without inline style, and nothing overlaps on the time line."""

from datetime import date, timedelta
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage.web.presentation.svg.flow_diagram import (
    FlowArrow,
    FlowData,
    FlowDiagram,
    FlowParty,
    flow_diagram,
)
from maillage.web.presentation.svg.life_line import LifeLine, Mark, Span, life_line, life_line_bounds
from maillage.web.presentation.svg.markup import element, wrapped
from maillage.web.presentation.svg.relations import RelatedText, Relation, Relations, layers, relations_graph
from tests.web.presentation.style_page import context

NS = "{http://www.w3.org/2000/svg}"
# XML has no control characters, and a name typed in a form has none either.
WORDS = st.text(st.characters(min_codepoint=32, max_codepoint=0xD7FF), max_size=40)
DAYS = st.dates(date(2020, 1, 1), date(2030, 12, 31))
DRAWINGS = ("life_line", "flows", "relations", "bars", "distribution", "trend", "france")


def parsed(markup: str) -> ET.Element:
    return ET.fromstring(markup)  # noqa: S314 - our own markup


@pytest.mark.parametrize("name", DRAWINGS)
def test_a_drawing_is_an_image_with_a_title_and_a_description(name: str) -> None:
    root = parsed(str(context()[name]))
    assert root.get("role") == "img"
    named = [root.find(f"{NS}title"), root.find(f"{NS}desc")]
    assert [item is not None and item.get("id") for item in named] == (
        root.get("aria-labelledby") or ""
    ).split()
    assert all(item is not None and item.text for item in named)


@pytest.mark.parametrize("name", DRAWINGS)
def test_a_drawing_has_no_inline_style_nor_script_nor_address(name: str) -> None:
    for item in parsed(str(context()[name])).iter():
        assert item.tag.removeprefix(NS) not in {"style", "script", "a", "image", "foreignObject"}
        assert not {key for key in item.attrib if key == "style" or key.startswith("on") or "href" in key}


@given(WORDS, WORDS, DAYS, DAYS)
def test_any_words_and_days_give_a_time_line(title: str, label: str, one: date, other: date) -> None:
    first, last = life_line_bounds([one, other])
    span = Span(min(one, other), max(one, other), label)
    line = LifeLine("x", title, first, last, [Mark(one, label), Mark(other, label)], [span, span], today=one)
    root = parsed(life_line(line))
    assert (root.findtext(f"{NS}title") or "") == title


@given(st.dates(), st.dates())
def test_a_life_of_any_length_is_drawn_with_a_bounded_number_of_years(one: date, other: date) -> None:
    first, last = life_line_bounds([one, other])
    root = parsed(
        life_line(LifeLine("x", "Vie", first, last, [Mark(one, "début")], [Span(one, None, "terme")]))
    )
    assert len(list(root.iter(f"{NS}text"))) < 30
    assert len(list(root.iter())) < 200


@given(st.lists(st.tuples(DAYS, st.text("abc ", min_size=1, max_size=30)), min_size=1, max_size=12))
def test_no_two_labels_of_a_time_line_overlap(marks: list[tuple[date, str]]) -> None:
    first, last = life_line_bounds([day for day, _ in marks])
    root = parsed(life_line(LifeLine("x", "Vie", first, last, [Mark(day, text) for day, text in marks], [])))
    boxes = [
        tuple(float(item.get(key) or 0) for key in ("x", "y", "width", "height"))
        for item in root.iter(f"{NS}rect")
    ]
    for rank, (x, y, width, height) in enumerate(boxes):
        for other_x, other_y, other_width, other_height in boxes[rank + 1 :]:
            apart = x + width <= other_x + 0.2 or other_x + other_width <= x + 0.2
            assert apart or y + height <= other_y or other_y + other_height <= y


@given(DAYS, DAYS)
def test_the_bounds_are_whole_quarters_around_the_days(one: date, other: date) -> None:
    first, last = life_line_bounds([one, other])
    assert first <= min(one, other) <= max(one, other) <= last
    assert first.day == 1
    assert (last + timedelta(days=1)).day == 1
    assert first.month in {1, 4, 7, 10}


def test_a_time_line_that_ends_before_it_starts_is_refused() -> None:
    with pytest.raises(ValueError, match="ends after it starts"):
        life_line(LifeLine("x", "Vie", date(2025, 1, 1), date(2025, 1, 1), [], []))


@pytest.mark.parametrize(
    ("data", "is_dashed"), [(FlowData.NOMINATIVE, False), (FlowData.AGGREGATE, True), (FlowData.NONE, True)]
)
def test_only_a_flow_with_names_is_a_full_line(data: FlowData, is_dashed: bool) -> None:
    parties = [FlowParty("a", "A & <B>"), FlowParty("b", "B")]
    root = parsed(flow_diagram(FlowDiagram("x", "Flux", parties, [FlowArrow("a", "b", "Service", data)])))
    arrow = next(item for item in root.iter(f"{NS}path") if item.get("class") == "d-arrow")
    assert (arrow.get("stroke-dasharray") is not None) == is_dashed
    assert "A & <B> vers B, Service" in (root.findtext(f"{NS}desc") or "")


def test_a_flow_to_oneself_and_a_diagram_without_flow_are_drawn() -> None:
    parties = [FlowParty("a", "A")]
    assert (
        parsed(flow_diagram(FlowDiagram("x", "Flux", parties, [FlowArrow("a", "a", "Suivi", FlowData.NONE)])))
        is not None
    )
    assert parsed(flow_diagram(FlowDiagram("x", "Flux", parties, []))).findtext(f"{NS}desc") == "Aucun flux."


def test_a_source_stands_below_its_targets_and_a_circle_is_still_drawn() -> None:
    relations = [Relation("local", "frame", "applique"), Relation("frame", "letter", "répond à")]
    assert layers(["local", "frame", "letter"], relations) == {"letter": 0, "frame": 1, "local": 2}
    circle = [Relation("a", "b", "suit"), Relation("b", "a", "suit")]
    texts = [RelatedText("a", "A"), RelatedText("b", "B")]
    assert parsed(relations_graph(Relations("x", "Liens", texts, circle))) is not None


def test_a_text_alone_is_drawn_alone() -> None:
    root = parsed(relations_graph(Relations("x", "Liens", [RelatedText("a", "A", is_current=True)], [])))
    assert root.findtext(f"{NS}desc") == "Aucun lien avec un autre texte."


@given(WORDS, st.integers(40, 400), st.integers(1, 4))
def test_wrapped_labels_hold_in_their_lines(text: str, width: int, most: int) -> None:
    lines = wrapped(text, width, most)
    assert 1 <= len(lines) <= most


def test_values_are_escaped_and_names_made_of_dashes() -> None:
    assert element("g", class_='a"b', stroke_width=1.25) == '<g class="a&quot;b" stroke-width="1.2"/>'
