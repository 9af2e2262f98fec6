"""Tables: their links keep the filters, their pages hold every item once, their cells are escaped."""

from dataclasses import replace
from datetime import date

import pytest
from django.utils.safestring import mark_safe
from hypothesis import given
from hypothesis import strategies as st

from maillage.web.presentation.cells import due_cell, link_cell, state_cell
from maillage.web.presentation.components import due_badge
from maillage.web.presentation.rows import rows_markup
from maillage.web.presentation.tables import Column, Row, headings, pages, plain_table, query_with
from maillage.web.presentation.tones import Tone


def test_a_link_keeps_the_filters_and_changes_what_it_says() -> None:
    query = {"etat": "in_force", "kind": ["ccas", "hospital"], "page": "3"}
    assert query_with(query, page=None, tri="nom") == "?etat=in_force&kind=ccas&kind=hospital&tri=nom"
    assert query_with({"page": "2"}, page=None) == "?"


def test_sorting_again_turns_the_order_round_and_goes_back_to_the_first_page() -> None:
    first, second, plain = headings(
        [Column("Nom", "nom"), Column("Date", "date"), Column("Note")], query={"page": "4"}, sort="nom"
    )
    assert (first.sort, first.url) == ("ascending", "?tri=-nom")
    assert (second.sort, second.url) == ("", "?tri=date")
    assert (plain.sort, plain.url) == ("", "")
    assert headings([Column("Nom", "nom")], query={}, sort="-nom")[0].sort == "descending"


def test_the_pages_around_the_current_one_are_shown() -> None:
    drawn = pages(page=5, size=10, total=100, query={})
    assert [link.number for link in drawn.links] == [1, None, 4, 5, 6, None, 10]
    assert drawn.shown == "41 à 50 sur 100"
    assert drawn.previous_url == "?page=4"


def test_a_single_page_has_no_links_and_an_empty_list_no_range() -> None:
    assert not pages(page=1, size=10, total=10, query={}).links
    assert pages(page=1, size=10, total=0, query={}).shown == "0 à 0 sur 0"


@given(st.integers(-3, 10_000), st.integers(1, 200), st.integers(0, 100_000))
def test_any_asked_page_is_brought_within_bounds(page: int, size: int, total: int) -> None:
    drawn = pages(page=page, size=size, total=total, query={})
    current = [link.number for link in drawn.links if link.number and not link.url]
    assert len(current) == (1 if total > size else 0)
    assert len(drawn.links) <= 7


def test_cells_are_escaped_unless_they_are_markup_already() -> None:
    table = plain_table("t", "Essai", ["A", "B"], [("<b>", mark_safe("<em>x</em>"))])
    assert rows_markup(table) == '<tr><th scope="row">&lt;b&gt;</th><td data-label="B"><em>x</em></td></tr>'


def test_a_row_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="1 cells in a table of 2 columns"):
        rows_markup(plain_table("t", "Essai", ["A", "B"], [("seul",)]))


def test_the_first_cell_links_to_the_row() -> None:
    table = plain_table("t", "Essai", ["A"], [])
    linked = type(table)(table.name, table.caption, table.headings, [Row(("x",), '/c?"')])
    assert rows_markup(linked) == '<tr><th scope="row"><a href="/c?&quot;">x</a></th></tr>'


def test_a_reference_is_never_broken_at_its_hyphen() -> None:
    """A list says « T- » on one line and « F5C3C2 » on the next where its column is narrow."""
    table = plain_table("t", "Essai", ["A"], [])
    for text, whole in (
        ("V-CFB5D8", True),
        ("K7QM-3XTD", True),
        ("Croix-Rouge", False),
        ("Convention de V-CFB5D8", False),
    ):
        markup = rows_markup(replace(table, rows=[Row((text,), url="/c")]))
        assert ('class="text-nowrap"' in markup) is whole, text


def test_states_due_dates_and_links_can_stand_in_cells() -> None:
    assert (
        state_cell("<En vigueur>", Tone.GOOD)
        == '<span class="badge-state tone-good">&lt;En vigueur&gt;</span>'
    )
    assert "tone-late" in due_cell(due_badge(date(2025, 1, 30), date(2025, 2, 1)))
    assert link_cell("a", "/b") == '<a href="/b">a</a>'
