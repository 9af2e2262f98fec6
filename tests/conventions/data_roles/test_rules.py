"""Who is what for each flow, by property over every way in which a text may say it; and what follows."""

from dataclasses import dataclass
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage.conventions import library
from maillage.conventions.data_roles.rules import Standing, standings
from maillage.conventions.flows.rules import authorised
from maillage.conventions.terms import Blank, Terms
from maillage.conventions.terms.data_roles import flow_roles, roles_of, who_is_what
from maillage.conventions.terms.flows import Flow, Roles
from maillage.conventions.terms.protection import Dpo, ProtectionRegime

S3 = library.load("ccas_montbrison_2024")
KEY = "orientation_misas"
FLOW = next(flow for flow in S3.flows if flow.key == KEY)
REGIME = next(regime for regime in S3.protection if regime.key == "detections")
ON = date(2026, 3, 2)

PARTIES = ("cpam", "carsat", "ccas")
said = st.builds(
    lambda one, joint: Roles(controllers=(one,), joint=joint), st.sampled_from(PARTIES), st.booleans()
)
blank = st.builds(
    lambda name: Blank(blank=name, asked=f"Qui répond, {name}", why="missing_annex", article="annexe 6"),
    st.sampled_from(["un", "deux", "trois"]),
)
whose = st.lists(st.sampled_from([KEY, "orientation_eps"]), unique=True).map(tuple)


@dataclass(frozen=True)
class Written:
    """A text, its flow and the regimes that it was given."""

    terms: Terms
    flow: Flow
    regimes: tuple[ProtectionRegime, ...]


@st.composite
def texts(draw: st.DrawFn) -> Written:
    """S3 with any roles in its flow, and any regimes over it."""
    own = draw(st.one_of(st.none(), said, blank))
    flow = FLOW.model_copy(update={"roles": own})
    regimes = tuple(
        REGIME.model_copy(update={"key": f"regime_{number}", "flows": flows, "roles": roles})
        for number, (flows, roles) in enumerate(
            draw(st.lists(st.tuples(whose, st.one_of(said, blank)), max_size=4))
        )
    )
    flows = tuple(flow if one.key == KEY else one for one in S3.flows)
    return Written(S3.model_copy(update={"flows": flows, "protection": regimes}), flow, regimes)


@given(texts())
def test_its_own_roles_then_those_of_what_covers_it_then_a_blank(text: Written) -> None:
    named = [one for one in text.regimes if KEY in one.flows]
    covering = named or [one for one in text.regimes if not one.flows]
    known = [one.roles for one in covering if isinstance(one.roles, Roles)]
    found = roles_of(text.terms, text.flow)
    if isinstance(text.flow.roles, Roles):
        assert found == text.flow.roles
    elif known:
        assert found == known[0]
    else:
        assert isinstance(found, Blank)


@given(texts())
def test_nothing_is_invented(text: Written) -> None:
    """What is given is in the text; what is not is a blank with its reason and its article."""
    one = flow_roles(text.terms, text.flow)
    written = [text.flow.roles, *(regime.roles for regime in text.regimes)]
    if isinstance(one.roles, Roles):
        assert one.roles in written
        assert one.paths == ()
    else:
        assert one.article
        assert one.roles in written or (one.roles.why, one.roles.article) == ("silent", text.flow.article)
    assert {dpo.party for dpo in one.dpos} >= {"ccas", "cpam"}
    assert all(isinstance(dpo.contact, Blank) for dpo in one.dpos), (
        "annex 6, which holds the addresses, is missing"
    )


@given(texts(), st.data())
def test_a_blank_says_where_it_is_filled_and_filling_any_says_the_roles(
    text: Written, data: st.DataObject
) -> None:
    one = flow_roles(text.terms, text.flow)
    if one.are_said or not one.paths:
        return
    path = data.draw(st.sampled_from(one.paths))
    roles = Roles(controllers=("cpam",))
    if path.startswith("flows"):
        flow, regimes = text.flow.model_copy(update={"roles": roles}), text.regimes
    else:
        flow = text.flow
        regimes = tuple(
            regime.model_copy(update={"roles": roles})
            if path == f"protection[{regime.key}].roles"
            else regime
            for regime in text.regimes
        )
    assert roles_of(text.terms.model_copy(update={"protection": regimes}), flow) == roles


@given(
    texts(),
    st.sets(st.sampled_from(PARTIES)),
    st.one_of(st.none(), st.dates(date(2026, 1, 1), date(2026, 6, 1))),
)
def test_it_is_usable_when_said_or_accepted_by_both_sides_or_not_due_yet(
    text: Written, accepted: set[str], due: date | None
) -> None:
    (one,) = [found for found in standings(text.terms, {KEY: accepted}, due=due, on=ON) if found.key == KEY]
    (sent,) = [flow for flow in authorised(text.terms) if flow.key == KEY]
    assert sent.has_roles == one.said.are_said
    if one.said.are_said:
        assert one.standing is Standing.SAID
    elif accepted >= {"ccas", "cpam"}:
        assert one.standing is Standing.ACCEPTED
    elif due is not None and due > ON:
        assert (one.standing, one.until) == (Standing.UNTIL, due)
    else:
        assert one.standing is Standing.BLOCKED
    waits = one.standing in (Standing.BLOCKED, Standing.UNTIL)
    assert set(one.awaited) == ({"ccas", "cpam"} - accepted if waits else set())


def test_an_address_that_the_text_gives_is_shown_and_the_other_stays_a_blank() -> None:
    given_one = REGIME.model_copy(update={"dpos": (Dpo(party="cpam", contact="Le délégué, au siège"),)})
    terms = S3.model_copy(update={"protection": (given_one,)})
    found = {one.party: one.contact for one in flow_roles(terms, FLOW).dpos}
    assert found["cpam"] == "Le délégué, au siège"
    silent = found["ccas"]
    assert isinstance(silent, Blank)
    assert (silent.why, silent.article) == ("silent", "3")


def test_a_flow_that_does_not_go_by_maillage_waits_for_nobody() -> None:
    terms = library.load("hopital_pass_modele")
    found = standings(terms, {}, due=None, on=ON)
    assert found
    assert all(one.awaited == () for one in found)


@pytest.mark.parametrize("name", library.names())
def test_every_text_of_the_library_says_who_is_what_or_why_not(name: str) -> None:
    terms = library.load(name)
    for text in filter(None, (terms, terms.local_template)):
        for one in who_is_what(text):
            assert one.article
            assert isinstance(one.roles, Roles) or one.roles.asked
