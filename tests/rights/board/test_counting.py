"""The board: what was sent between two committees and where it stands, what was decided and how long it took; each side its own."""

from fractions import Fraction

import pytest
from django.db import connection

from maillage.conventions.lifecycle.models import Convention
from maillage.conventions.lifecycle.queries import load
from maillage.rights.board.queries import Board, board, side_of
from maillage.rights.measuring.delays import Kept
from maillage.rights.sampled.rules import Between, Side, agreed_size, period_problem
from tests.referrals.world import ADVISER, READER, member
from tests.rights.board.world import SINCE, UNTIL, File, of_all_kinds, plant
from tests.rights.world import PASS, STRANGER, Signed, text

PERIOD = Between(SINCE, UNTIL)


def counted(signed: Signed, address: str, period: Between = PERIOD) -> Board:
    with member(address) as someone:
        side = side_of(someone, signed.id)
        assert side is not None
        return board(load(Convention.objects.get(id=signed.id)), side, period)


def test_each_figure_is_the_one_counted_by_hand(committed: Signed) -> None:
    plant(committed, *of_all_kinds())
    found = counted(committed, READER)
    assert found.sent == {
        ("ame", False): {"complete": 1},
        ("ame", True): {"granted": 1, "refused": 1},
        ("c2s", False): {"granted": 5, "sent": 1, "withdrawn": 1},
    }
    assert (found.sent_in_all, found.open) == (10, 2)
    c2s = found.delays["c2s", False]
    assert c2s.count == 5
    assert c2s.mean == Fraction(131, 5)
    assert c2s.median == 10
    assert (c2s.promise, c2s.law) == (Kept(3, 4), Kept(4, 5))
    urgent = found.delays["ame", True]
    assert urgent.mean == 11
    assert (urgent.count, urgent.promise, urgent.law) == (2, Kept(1, 2), Kept(0, 0))
    assert found.whole.mean == Fraction(153, 7)
    assert [band.count for band in found.whole.bands] == [4, 1, 0, 1, 1]
    assert (found.accepted, found.rejected) == (1, 1)
    assert found.again == {"appeared": 1, "unreadable": 1}
    completing, deciding = found.steps["completing", False], found.steps["deciding", False]
    assert completing.mean == 3
    assert (completing.count, deciding.mean) == (5, Fraction(116, 5))
    assert found.steps["telling", False].count == 4
    assert found.steps["telling", True].mean == 2


def test_the_partner_counts_its_own_and_nobody_else_counts_anything(committed: Signed) -> None:
    plant(committed, *of_all_kinds(), File(SINCE, sender="CCAS"))
    caisse, partner = counted(committed, ADVISER), counted(committed, PASS)
    assert (caisse.sent_in_all, partner.sent_in_all) == (11, 10)
    assert (caisse.whole.count, partner.whole.count) == (8, 7)
    for address in (STRANGER, "social@carsat.example.org"):
        with member(address) as someone:
            assert side_of(someone, committed.id) is None
            for side in Side:
                with connection.cursor() as cursor:
                    cursor.execute(
                        "SELECT count(*) FROM rights_board_decided(%s, %s, '2000-01-01', '2099-01-01')",
                        [committed.id, side],
                    )
                    assert cursor.fetchone() == (0,)


def test_of_what_is_withheld_from_the_partner_it_counts_that_it_was_sent(committed: Signed) -> None:
    plant(committed, File(SINCE), File(SINCE, withheld=True, again=((3, "changed"),)))
    partner, caisse = counted(committed, PASS), counted(committed, ADVISER)
    assert partner.sent == {("c2s", False): {"granted": 1, "withheld": 1}}
    assert (partner.whole.count, partner.again) == (1, {})
    assert (caisse.whole.count, caisse.again) == (2, {"changed": 1})


def test_without_any_application_there_is_nothing_to_tell(signed: Signed) -> None:
    found = counted(signed, ADVISER)
    assert (found.sent, found.delays, found.whole.mean, found.sent_in_all) == ({}, {}, None, 0)


def test_the_day_of_a_committee_counts_for_the_next_period_only(committed: Signed) -> None:
    plant(committed, *of_all_kinds())
    whole = counted(committed, ADVISER, Between(SINCE.replace(year=2025), UNTIL.replace(year=2027)))
    cut = [
        Between(SINCE.replace(year=2025), SINCE),
        PERIOD,
        Between(UNTIL, UNTIL.replace(year=2027)),
    ]
    parts = [counted(committed, ADVISER, one) for one in cut]
    assert [part.whole.count for part in parts] == [1, 7, 1]
    assert sum(part.whole.count for part in parts) == whole.whole.count
    assert sum(part.sent_in_all for part in parts) == whole.sent_in_all


@pytest.mark.parametrize("period", [Between(SINCE, SINCE), Between(UNTIL, SINCE)])
def test_a_period_has_its_days_in_order(period: Between) -> None:
    assert "après" in period_problem(period)
    assert period_problem(PERIOD) == ""


def test_the_size_of_the_sample_is_the_text_s_where_it_says_one() -> None:
    terms = text()
    assert agreed_size(terms) is None  # the model leaves it blank
    said = tuple(
        one.model_copy(update={"sample_size": 30}) if one.sample_size is not None else one
        for one in terms.indicators
    )
    assert agreed_size(terms.model_copy(update={"indicators": said})) == 30
