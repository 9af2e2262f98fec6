"""The router on the five texts: what opens and closes a route, and what holds for any situation."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given

from maillage.catalogue.facts import FACTS
from maillage.conventions.flows.rules import authorised
from maillage.conventions.terms import Terms, choose, fill
from maillage.conventions.terms.criteria import Value
from maillage.referrals.routes import short_name
from maillage.referrals.routing.conditions import Verdict
from maillage.referrals.routing.router import Obstacle, Route, Routing, Way, routing_of, sequels_of
from maillage.referrals.routing.situation import Renunciation, Situation, situation_of
from tests.conventions.library.cells import ALL, S2, S3, S4, S4_LOCAL
from tests.conventions.terms.test_criteria import KNOWN

ON = date(2024, 12, 1)
READY = {name: routing_of(terms) for name, terms in ALL.items()}

SOMEONE: dict[str, Value] = {
    "birth_date": date(1990, 5, 1),
    "received_here": True,
    "scheme": "general",
    "precarious": True,
    "motives": frozenset({"cost", "no_appointment"}),
    "agrees": True,
    "request_expressed": True,
    "first_level_given": True,
    "health_impact": True,
    "social_needs": frozenset({"isolated", "complex_obstacles"}),
    "followed_by": frozenset(),
    "only_administrative": False,
    "care_imminent": False,
    "helped_by_association": True,
    "family_event": False,
    "children_born": 0,
}


def someone(**other: Value) -> Situation:
    optics = (Renunciation(care="optics", reason="cost"),)
    return situation_of({**SOMEONE, **other}, on=ON, renunciations=optics)


def routes(terms: Terms | Routing, situation: Situation) -> dict[str, Route]:
    ready = terms if isinstance(terms, Routing) else routing_of(terms)
    return {route.key: route for route in ready.routes(situation)}


@pytest.mark.parametrize("name", ALL)
def test_each_route_that_is_not_open_says_what_would_open_it_and_where(name: str) -> None:
    for route in routes(READY[name], someone()).values():
        assert bool(route.openings()) is not route.is_open
        for opening in route.openings():
            assert opening.text
            assert opening.article


def test_a_convention_that_refers_nobody_has_no_route() -> None:
    assert READY["S1"].routes(someone()) == ()


def test_the_person_phones_the_ssam_in_s3_and_says_these_words() -> None:
    call = routes(S3, someone())["flows.appel_ssam"]
    (phone,) = call.channels
    assert (phone.number, phone.words) == ("3646", "service social")
    assert [opening.text for opening in call.openings()] == [
        "Fragilité repérée selon les critères du service social"
    ]
    answered = replace(someone(), answers={"flows.appel_ssam.criteria.fragilite": True})
    assert routes(S3, answered)["flows.appel_ssam"].is_open


@pytest.mark.parametrize(
    ("age", "emancipated", "verdict"),
    [
        (18, None, Verdict.MET),
        (17, None, Verdict.UNKNOWN),
        (17, False, Verdict.NOT_MET),
        (16, True, Verdict.MET),
        (15, True, Verdict.NOT_MET),
    ],
)
def test_the_ssam_of_s2_takes_adults_and_the_emancipated_from_sixteen(
    age: int, emancipated: bool | None, verdict: Verdict
) -> None:
    known = {key: value for key, value in SOMEONE.items() if key != "birth_date"} | {"age": age}
    if emancipated is not None:
        known["emancipated_or_apprentice"] = emancipated
    ssam = routes(S2, situation_of(known, on=ON))["flows.orientation_ssam"]
    conditions = {one.id: one.verdict for requirement in ssam.requirements for one in requirement.conditions}
    assert conditions["services.ssam.conditions.age"] is verdict


@pytest.mark.parametrize("excluded", ["mdph_or_departement", "psychiatric_sector"])
def test_an_exclusion_closes_the_ssam_of_s2_and_says_so(excluded: str) -> None:
    way = {"kind": "secure_extranet"}
    filled = fill(S2, "flows[orientation_ssam].channels", [way])
    assert routes(filled, someone())["flows.orientation_ssam"].is_open
    closed = routes(filled, someone(followed_by=frozenset({excluded})))["flows.orientation_ssam"]
    assert not closed.is_open
    assert [opening.text.partition(" : ")[0] for opening in closed.openings()] == [
        "Que ceci ne la concerne pas"
    ]


def test_one_of_the_six_items_is_enough_and_none_is_not() -> None:
    filled = fill(S2, "flows[orientation_ssam].channels", [{"kind": "secure_extranet"}])
    for item, _ in FACTS["social_needs"].choices[:6]:
        assert routes(filled, someone(social_needs=frozenset({item})))["flows.orientation_ssam"].is_open
    none = routes(filled, someone(social_needs=frozenset()))["flows.orientation_ssam"]
    assert [opening.article for opening in none.openings()] == ["annexe 3"]


def test_a_minor_is_welcome_at_the_misas() -> None:
    assert routes(S3, someone(birth_date=date(2015, 1, 1)))["flows.orientation_misas"].is_open


def test_an_option_that_the_parties_retain_opens_its_route() -> None:
    before = routes(S3, someone())["flows.orientation_eps"]
    assert before.obstacles == (Obstacle.NOT_CHOSEN,)
    chosen = choose(choose(S3, "services[eps]"), "flows[orientation_eps]")
    assert routes(chosen, someone())["flows.orientation_eps"].is_open


def test_imminent_care_opens_the_urgent_line_of_s4() -> None:
    call = routes(S4, someone(care_imminent=True))["flows.urgence_partenaire"]
    assert call.is_open
    assert [(channel.number, channel.words) for channel in call.channels] == [("3646", "Urgence partenaire")]


def test_the_caisse_tells_of_the_services_of_the_red_cross_to_whom_nobody_helps() -> None:
    told = replace(someone(helped_by_association=False), sender="cpam")
    found = routes(S4, told)
    assert found["flows.information_croix_rouge"].is_open
    assert "flows.orientation_misas" not in found
    assert "flows.information_croix_rouge" not in routes(S4, replace(told, sender="croix_rouge"))


@pytest.mark.parametrize(
    ("delivery", "day", "verdict"),
    [
        ("vaginal", date(2010, 1, 1), Verdict.MET),
        ("caesarean", date(2014, 6, 20), Verdict.NOT_MET),
        ("caesarean", date(2014, 6, 21), Verdict.MET),
    ],
)
def test_prado_takes_caesareans_since_the_summer_of_2014(delivery: str, day: date, verdict: Verdict) -> None:
    mother = someone(
        delivery=delivery,
        delivered_on=day,
        children_born=1,
        delivery_complication=False,
        discharge_agreed=True,
    )
    assert routes(READY["S0"], mother)["services.prado_maternite"].verdict is verdict


def test_the_caf_is_never_sent_anything_about_a_person() -> None:
    for route in READY["S0"].routes(someone(family_event=True)):
        assert route.flow is None or route.flow.data.value == "none"
        assert route.way in {Way.PERSON, Way.INFORMATION}


def test_no_forwarding_and_no_appointment_is_a_route() -> None:
    keys = routes(S4_LOCAL, someone())
    assert "flows.transmission_ssam" not in keys
    assert "flows.rendez_vous_agent" not in keys
    assert "flows.avancement_demarches" not in keys


@pytest.mark.parametrize(
    ("needs", "verdict"),
    [
        (frozenset({"complex_obstacles"}), Verdict.MET),
        (frozenset({"isolated"}), Verdict.NOT_MET),  # none of the three situations of article 9
        (None, Verdict.UNKNOWN),
    ],
)
def test_what_is_forwarded_asks_what_the_flow_that_it_carries_on_asks(
    needs: Value | None, verdict: Verdict
) -> None:
    agreed = [{"kind": "platform"}]
    terms = fill(S4_LOCAL, "flows[transmission_ssam].channels", agreed)
    known = {key: value for key, value in SOMEONE.items() if key != "social_needs"}
    situation = situation_of({**known, **({"social_needs": needs} if needs else {})}, on=ON, sender="cpam")
    route = routes(sequels_of(terms), situation)["flows.transmission_ssam"]
    assert (route.way, route.verdict, route.article) == (Way.PLATFORM, verdict, "9")
    without = routes(sequels_of(S4_LOCAL), situation)["flows.transmission_ssam"]
    assert Obstacle.CHANNEL_UNKNOWN in without.obstacles  # the text is silent until its parties agree on one


def test_nothing_is_forwarded_where_no_text_says_so() -> None:
    for terms in (S2, S3):
        assert sequels_of(terms).routes(replace(someone(), sender="cpam")) == ()


@given(KNOWN, KNOWN)
def test_an_answer_more_never_reopens_what_was_decided(
    known: dict[str, Value], more: dict[str, Value]
) -> None:
    for ready in READY.values():
        before = routes(ready, Situation(ON, known))
        after = routes(ready, Situation(ON, {**more, **known}))
        for key, route in before.items():
            assert route.verdict in {Verdict.UNKNOWN, after[key].verdict}


@given(KNOWN)
def test_what_carries_applications_for_rights_is_nobody_s_route(known: dict[str, Value]) -> None:
    agreed = fill(S2, "flows[depot_dossiers].channels", [{"kind": "platform"}])
    assert "depot_dossiers" in {flow.key for flow in authorised(agreed)}
    for ready in (routing_of(agreed), sequels_of(agreed)):
        assert "flows.depot_dossiers" not in routes(ready, Situation(ON, known))


@given(KNOWN)
def test_what_is_asked_may_still_decide_and_nothing_is_asked_twice(known: dict[str, Value]) -> None:
    for ready in READY.values():
        situation = Situation(ON, known)
        asked = ready.questions(situation)
        ids = [question.id for question in asked]
        assert len(ids) == len(set(ids))
        assert not set(ids) & known.keys()
        unknown = [one for one in ready.routes(situation) if one.verdict is Verdict.UNKNOWN]
        assert bool(asked) is bool(unknown)


def test_nothing_sensitive_is_asked_for_a_route_that_is_closed() -> None:
    asked = {question.id for question in READY["S2"].questions(Situation(ON, {"received_here": True}))}
    assert "precarious" in asked  # the public of S2 reads it
    assert not {"social_needs", "followed_by", "health_impact"} & asked  # the SSAM's channel is blank


def test_a_body_that_a_framework_leaves_to_its_local_conventions_is_named_by_its_kind() -> None:
    assert short_name(S4, "cpam") == short_name(S4_LOCAL, "cpam") == "CPAM"
    assert short_name(S4, "nobody_of_this_key") == "nobody_of_this_key"
