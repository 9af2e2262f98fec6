"""Who else a file is for: what each right's own text says, and nothing of another's."""

from dataclasses import replace
from datetime import date

from maillage.rights.content import LINKS, Content, Relative, Step, relatives_problems, unfinished
from maillage.rights.declared.rights import rights
from tests.days import today

CHILD = Relative("Palissandre", "Léo", date(2019, 6, 2), "child")
AUNT = Relative("Palissandre", "Anne", date(1961, 6, 2), "dependant")


def held(right: str, *household: Relative) -> Content:
    return Content(right=right, household=household, answers={"minor": True})


def test_the_c2s_and_the_ame_have_one_file_for_several_people_each_on_its_own_word() -> None:
    found = {key: one.household for key, one in rights().items() if one.household}
    assert {key: one.who for key, one in found.items()} == {
        "ame": ("partner", "child", "dependant"),
        "c2s": ("partner", "child"),
    }
    assert all(one.source and set(one.who) <= set(LINKS) for one in found.values())


def test_those_whom_an_ame_covers_go_with_the_file() -> None:
    assert held("ame", CHILD, AUNT).relatives_problems(on=today()) == {}
    assert held("ame", CHILD, AUNT).details().household == (CHILD, AUNT)
    assert held("puma", CHILD).details().household == ()
    assert held("puma", CHILD).relatives_problems(on=today()) == {}


def test_only_one_other_dependant_is_covered() -> None:
    found = relatives_problems([AUNT, CHILD, replace(AUNT, given_name="Rose")], on=today())
    assert list(found) == ["link_2"]
    assert "L251-1" in found["link_2"]


def test_a_right_chosen_afterwards_asks_again_who_they_are() -> None:
    assert list(held("c2s", AUNT).relatives_problems(on=today())) == ["link_0"]
    assert Step.QUESTIONS in unfinished(held("c2s", AUNT), (), on=today())
