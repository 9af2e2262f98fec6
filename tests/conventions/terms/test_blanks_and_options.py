"""Writing a convention from a template: blanks filled, options chosen or dropped, and the report of it."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given

from maillage.conventions import library
from maillage.conventions.terms import (
    Blank,
    BlankReason,
    Change,
    Difference,
    DifferenceKind,
    Operation,
    Terms,
    TermsError,
    blanks,
    choose,
    content_hash,
    counts,
    difference,
    draw,
    drop,
    edit,
    fill,
    terms_data,
    terms_from_data,
    undecided,
    value_at,
)
from maillage.conventions.terms.duration import FormalNotice
from maillage.conventions.terms.flows import Channel, ChannelKind
from maillage.conventions.terms.identity import Level
from maillage.core.calendar import Period
from tests.conventions.terms.builder import blank, conventions, steady, terms

OPTIONS: list[dict[str, Any]] = [
    {"key": "a", "article": "1", "text": "Établir", "optional": True, "option_group": "verbe"},
    {"key": "b", "article": "1", "text": "Consolider", "optional": True, "option_group": "verbe"},
    {"key": "c", "article": "1", "text": "Toujours"},
]


def hospital() -> Terms:
    """The template of hospitals."""
    return library.load("hopital_pass_modele")


def kinds(report: tuple[Difference, ...]) -> dict[str, DifferenceKind]:
    """What became of each clause that did not stay the same."""
    return {one.path: one.kind for one in report if one.kind is not DifferenceKind.SAME}


def test_every_blank_is_listed_with_its_question_and_its_path() -> None:
    found = {one.path: one.blank for one in blanks(hospital())}
    assert found["parties[cpam].name"].asked == "Nom de la caisse"
    assert found["flows[orientation_ssam].channels"].why is BlankReason.TEMPLATE
    assert found["protection[acces_droits_soins].dpos[0].contact"].why is BlankReason.TEMPLATE
    assert found["annexes[annexe_4].content"].why is BlankReason.MISSING_ANNEX
    assert all(isinstance(value_at(hospital(), path), Blank) for path in found)


def test_a_blank_is_filled_by_its_path() -> None:
    filled = fill(hospital(), "parties[cpam].name", "CPAM d'essai")
    assert filled.parties[0].name == "CPAM d'essai"
    assert counts(filled).blanks == counts(hospital()).blanks - 1


def test_a_blank_takes_a_model_as_well_as_plain_data() -> None:
    by_model = fill(hospital(), "flows[orientation_ssam].channels", [{"kind": "phone", "number": "3646"}])
    channels = (Channel(kind=ChannelKind.PHONE, number="3646"),)
    assert by_model.flows[2].channels == channels
    assert fill(hospital(), "flows[orientation_ssam].channels", channels) == by_model


def test_a_blank_takes_dates_periods_and_exits_as_python_knows_them() -> None:
    notice = FormalNotice(article="9", cure=Period(days=15), counted_from="sending")
    draft = fill(terms(exits=blank()), "exits", (notice,))
    assert draft.exits == (notice,)
    clock = {
        "key": "k",
        "article": "4",
        "right": "ame",
        "label": "AME",
        "promised": blank(),
        "start": "reception",
    }
    assert fill(terms(clocks=[clock]), "clocks[k].promised", Period(days=30)).clocks[0].promised == Period(
        days=30
    )
    signature = {"key": "s", "article": "fin", "party": "cpam", "representative": "d", "on": blank()}
    party = {"key": "cpam", "article": "1", "name": "CPAM", "kind": "cpam"}
    parties = [party | {"representatives": [{"key": "d", "function": "Directrice"}]}, party | {"key": "ccas"}]
    signed = fill(terms(parties=parties, signatures=[signature]), "signatures[s].on", date(2026, 1, 2))
    assert signed.signatures[0].on == date(2026, 1, 2)


@pytest.mark.parametrize("value", [object(), 1.5, {"a": object()}, b"x", {1, 2}])
def test_what_no_file_could_hold_is_refused(value: object) -> None:
    with pytest.raises(TermsError, match="une valeur simple"):
        fill(hospital(), "parties[cpam].name", value)
    with pytest.raises(TermsError):
        terms_from_data({"id": value})


def test_a_value_that_does_not_suit_the_blank_is_refused_at_its_path() -> None:
    with pytest.raises(TermsError, match=r"parties\[0\]\.name : attendu un texte"):
        fill(hospital(), "parties[cpam].name", 3)
    with pytest.raises(TermsError, match="l'une des valeurs cpam, ccss, cgss"):
        fill(hospital(), "parties[cpam].kind", "caf")


def test_what_is_not_a_blank_is_not_filled() -> None:
    for path in ("title", "parties[hospital].kind", "term"):
        with pytest.raises(TermsError, match="un blanc à remplir"):
            fill(hospital(), path, "x")


@pytest.mark.parametrize(
    "path", ["", "parties[", "nulle_part", "parties[rien].name", "parties[99].name", "a" * 700, "É"]
)
def test_a_path_that_leads_nowhere_is_refused(path: str) -> None:
    with pytest.raises(TermsError):
        fill(hospital(), path, "x")


@steady
@given(conventions())
def test_filling_every_blank_leaves_none_and_is_reported_as_filled(built: dict[str, Any]) -> None:
    base = terms_from_data(built)
    filled = base
    for one in blanks(base):
        value: Any = "caf" if one.path.endswith("kind") else "2d" if one.path.endswith("within") else "Rempli"
        filled = fill(filled, one.path, [{"kind": "paper"}] if one.path.endswith("channels") else value)
    assert blanks(filled) == ()
    changed = {path.split(".")[0] for path in (one.path for one in blanks(base))}
    assert kinds(difference(base, filled)) == dict.fromkeys(changed, DifferenceKind.FILLED)


@steady
@given(conventions())
def test_a_convention_does_not_differ_from_itself(built: dict[str, Any]) -> None:
    assert kinds(difference(terms_from_data(built), terms_from_data(built))) == {}


def test_choosing_one_of_a_group_drops_the_others() -> None:
    chosen = choose(terms(objectives=OPTIONS), "objectives[b]")
    assert [objective.key for objective in chosen.objectives] == ["b", "c"]
    assert chosen.objectives[0].chosen is True
    assert kinds(difference(terms(objectives=OPTIONS), chosen)) == {
        "objectives[a]": DifferenceKind.DROPPED,
        "objectives[b]": DifferenceKind.CHOSEN,
    }


def test_two_choices_of_one_group_do_not_hold() -> None:
    with pytest.raises(TermsError, match="un seul choix parmi les possibilités de « verbe »"):
        terms(objectives=[option | {"chosen": True} for option in OPTIONS[:2]])


def test_what_the_text_does_not_leave_to_the_parties_is_neither_chosen_nor_dropped() -> None:
    for gesture in (choose, drop):
        with pytest.raises(TermsError, match="laisse au choix"):
            gesture(terms(objectives=OPTIONS), "objectives[c]")


def test_a_dropped_service_takes_along_what_only_existed_for_it() -> None:
    montbrison = library.load("ccas_montbrison_2024")
    dropped = drop(montbrison, "services[eps]")
    assert "eps" not in {service.key for service in dropped.services}
    assert {flow.key for flow in montbrison.flows} - {flow.key for flow in dropped.flows} == {
        "orientation_eps"
    }
    gone = {one.key for one in montbrison.commitments} - {one.key for one in dropped.commitments}
    assert gone == {"orienter_eps"}
    assert "orientation_eps" not in dropped.protection[1].flows


def test_a_service_that_a_flow_of_the_common_trunk_needs_is_not_dropped() -> None:
    service = {"key": "misas", "article": "3", "label": "Accompagnement", "optional": True}
    with pytest.raises(TermsError, match=r"flows\[0\]\.service"):
        drop(terms(services=[service]), "services[misas]")


def test_the_optional_clauses_left_undecided_are_listed() -> None:
    before = terms(objectives=OPTIONS)
    assert [one.path for one in undecided(before)] == ["objectives[a]", "objectives[b]"]
    assert undecided(choose(before, "objectives[a]")) == ()


def test_a_draft_drawn_from_a_template_keeps_its_blanks_and_remembers_it() -> None:
    draft = draw(hospital(), id="chu-essai-2026", title="Convention d'essai", place="Lyon")
    assert draft.level is Level.LOCAL
    assert draft.place == "Lyon"
    assert draft.source is None
    drawn = draft.relations[-1]
    assert (drawn.kind, drawn.target, drawn.reference) == (
        "drawn_from",
        "hopital-pass-modele",
        content_hash(hospital()),
    )
    report = kinds(difference(hospital(), draft))
    assert report == {
        "title": DifferenceKind.CHANGED,
        "place": DifferenceKind.FILLED,
        "relations[drawn_from]": DifferenceKind.ADDED,
    }


def test_a_draft_drawn_from_a_framework_comes_from_its_local_template() -> None:
    framework = library.load("croix_rouge_cadre_2021")
    draft = draw(framework, id="crf-essai")
    assert isinstance(draft.term, Blank)
    assert {relation.kind for relation in draft.relations} == {"implements", "drawn_from"}
    assert kinds(difference(framework, draft)) == {"relations[drawn_from]": DifferenceKind.ADDED}
    term = {"article": "5", "starts": "last_signature", "lasts": "3y"}
    with_term = fill(draft, "term", term)
    assert kinds(difference(framework, with_term))["term"] is DifferenceKind.FILLED


def test_nothing_is_drawn_from_what_is_no_template() -> None:
    with pytest.raises(TermsError, match="un modèle"):
        draw(library.load("ccas_montbrison_2024"), id="copie")


def test_a_changed_and_an_added_clause_are_reported_with_the_fields_that_differ() -> None:
    flow = terms_data(hospital())["flows"][1]
    edited = edit(
        hospital(),
        Change(operation=Operation.REPLACE, path="flows[orientation_misas].label", value="Signalement"),
        Change(operation=Operation.ADD, path="flows", value=flow | {"key": "autre"}),
    )
    report = {one.path: one for one in difference(hospital(), edited) if one.kind is not DifferenceKind.SAME}
    assert report["flows[orientation_misas]"].kind is DifferenceKind.CHANGED
    assert report["flows[orientation_misas]"].fields == ("label",)
    assert report["flows[orientation_misas]"].article == "4.2"
    assert report["flows[autre]"].kind is DifferenceKind.ADDED


def test_every_path_of_the_report_leads_to_its_clause() -> None:
    for name in library.names():
        convention = library.load(name)
        for one in difference(convention, convention):
            assert one.kind is DifferenceKind.SAME
        base = convention.local_template or convention
        for one in difference(base, base):
            assert value_at(base, one.path) is not None


def test_the_smallest_template_can_be_filled_to_a_whole_convention() -> None:
    template = terms(level="template", place=blank("lieu"), renewal=blank(), exits=blank())
    draft = draw(template, id="entier", place="Gap")
    draft = fill(draft, "renewal", {"article": "9", "mode": "none"})
    draft = fill(draft, "exits", [])
    assert blanks(draft) == ()
