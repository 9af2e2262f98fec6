"""The delays of the board drawn: the bands of its table, and where each delay that the text promises ends."""

from xml.etree import ElementTree as ET

from maillage.conventions import library
from maillage.rights.board.queries import Board
from maillage.rights.measuring.delays import Tally, distribution
from maillage.web.rights.board_picture import delays_picture, promised_days

CLOCKS = library.load("hopital_pass_modele").clocks


def board(*tallies: Tally) -> Board:
    return Board({}, {}, distribution(tallies), {}, {}, 0, 0, 0)


def test_the_binding_delays_of_the_text_in_plain_days_are_marked() -> None:
    assert promised_days(CLOCKS) == [
        (10, "10\u00a0jours\u00a0: Aide médicale de l’État, demande urgente"),
        (30, "30\u00a0jours\u00a0: Aide médicale de l’État"),
        (31, "31\u00a0jours\u00a0: Complémentaire santé solidaire"),
    ]


def test_delays_of_one_length_share_a_mark_and_other_units_have_none() -> None:
    one, other = (clock for clock in CLOCKS if clock.key in {"c2s", "ame"})
    same = other.model_copy(update={"promised": one.promised})
    assert promised_days([one, same])[0][1].endswith(
        "Complémentaire santé solidaire, Aide médicale de l’État"
    )
    assert promised_days([one.model_copy(update={"promised": None})]) == []


def test_the_picture_says_the_bands_of_the_table_and_nothing_is_drawn_of_nothing() -> None:
    drawn = ET.fromstring(delays_picture(board(Tally(5, 2), Tally(40)), CLOCKS))  # noqa: S314 - our own markup
    description = drawn.findtext("{http://www.w3.org/2000/svg}desc") or ""
    assert "0 à 10 jours : 2 ; 11 à 20 jours : 0" in description
    assert "31\u00a0jours\u00a0: Complémentaire santé solidaire" in description
    assert delays_picture(board(), CLOCKS) == ""
