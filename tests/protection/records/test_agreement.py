"""What the roles page lists, the record's entries, the assessments and « À faire » agree: for every text of the library and each of its
parties, by the one list of `conventions/terms/processings.py`."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage.conventions import library
from maillage.conventions.terms import Terms
from maillage.conventions.terms.data_roles import FlowRoles, who_is_what
from maillage.conventions.terms.flows import DataNature, Roles
from maillage.conventions.terms.processings import (
    Apart,
    Ground,
    Processing,
    concerns,
    is_of_persons_helped,
    lacking,
    processings,
)
from maillage.protection.assessments.describing import (
    assessed,
    assessed_by,
    clauses_digest,
    covered,
    describe,
    regime_named,
)
from maillage.protection.records.reading import entries
from maillage.protection.records.rules import Entry, Part
from tests.protection.records.texts import text

S0, S1, S3 = "prado_maternite_2016", "cnsa_2016_2019", "ccas_montbrison_2024"
TEXTS: dict[str, Terms] = {
    f"{name}{suffix}": found
    for name in library.names()
    for suffix, found in (("", library.load(name)), (" (local)", library.load(name).local_template))
    if found is not None
}
SIDES = [(name, party.key) for name, terms in TEXTS.items() for party in terms.parties]


def recorded(name: str, party: str, terms: Terms | None = None) -> list[Entry]:
    return list(entries(text(party=party, terms=terms or TEXTS[name]), ["une catégorie"]))


def regimes(found: list[Entry], *parts: Part) -> set[str]:
    """The clauses of some entries; empty for what no clause covers."""
    return {one.key.split("/")[1] for one in found if not parts or one.part in parts}


def check(name: str, party: str, terms: Terms) -> None:
    """The four pages, of one text and one of its parties."""
    listed = processings(terms)
    mine = [one for one in listed if concerns(one, party)]
    found = recorded(name, party, terms)
    assert regimes(found) == {one.regime.key if one.regime else "" for one in mine}
    missing = lacking(terms, party)
    assert {one.regime.key if one.regime else "" for one in missing} == regimes(found, Part.UNKNOWN)
    assert regimes(found, Part.UNKNOWN) == {
        one.regime.key if one.regime else ""
        for one in mine
        if not isinstance(one.roles, Roles) or party not in (*one.roles.controllers, *one.roles.processors)
    }
    helped = {kind_of(one) for one in mine if is_of_persons_helped(one)}
    kinds = {one.key for one in assessed_by(terms, party)}
    assert helped <= kinds, (
        "each clause under which a party has such data is assessed, and what no clause covers"
    )
    assert kinds <= {kind_of(one) for one in listed if is_of_persons_helped(one)}, "and no other"
    for one in mine:
        if is_of_persons_helped(one):
            (kind,) = (found for found in assessed(terms) if found.key == kind_of(one))
            assert one in covered(terms, kind)
            assert regime_named(terms, kind.key) == kind
            assert all(section.lines for section in describe(terms, kind, {}))
            assert clauses_digest(terms, kind)


def kind_of(one: Processing) -> str:
    if one.regime is not None:
        return one.regime.key
    return (
        f"flow-{one.flow.key}"
        if isinstance(one, FlowRoles)
        else f"service-{one.service.key if one.service else ''}"
    )


@pytest.mark.parametrize(("name", "party"), SIDES)
def test_the_roles_the_record_the_assessments_and_what_is_due_agree(name: str, party: str) -> None:
    check(name, party, TEXTS[name])


@given(
    st.sampled_from(SIDES),
    st.lists(st.sampled_from(list(DataNature)), min_size=12, max_size=12),
    st.lists(st.sampled_from([None, True, False]), min_size=12, max_size=12),
    st.lists(st.sampled_from([None, 0, 1]), min_size=12, max_size=12),
)
def test_they_agree_whatever_the_flows_carry_and_the_parties_choose(
    side: tuple[str, str], natures: list[DataNature], choices: list[bool | None], alone: list[int | None]
) -> None:
    """`alone`: the party that answers for a flow by itself, by its place; the roles of the text where there is none."""
    name, party = side
    terms = TEXTS[name]

    def roles(at: int) -> dict[str, Roles]:
        who = alone[at]
        return {} if who is None else {"roles": Roles(controllers=(terms.parties[who].key,))}

    flows = tuple(
        flow.model_copy(update={"data": natures[at], "chosen": choices[at], **roles(at)})
        for at, flow in enumerate(terms.flows)
    )
    check(name, party, terms.model_copy(update={"flows": flows}))


@pytest.mark.parametrize("name", sorted(TEXTS))
def test_each_exchange_of_persons_data_is_listed_once_and_what_goes_by_none_after(name: str) -> None:
    listed, terms = processings(TEXTS[name]), TEXTS[name]
    carried = [flow.key for flow in terms.flows if flow.carries_persons]
    assert [one.flow.key for one in listed if isinstance(one, FlowRoles)] == carried
    assert tuple(listed[: len(carried)]) == who_is_what(terms)
    assert all(isinstance(one, Apart) for one in listed[len(carried) :])


def test_prado_sends_nobody_s_data_and_the_caisse_keeps_a_file_whose_roles_are_asked() -> None:
    """S0 article 5: the decree founds the processing of the programme, and lets no name go to the CAF."""
    terms = TEXTS[S0]
    (only,) = processings(terms)
    assert isinstance(only, Apart)
    assert (only.ground, only.parties, only.article) == (Ground.KEPT, ("cnamts",), "5")
    assert only.paths == ("protection[prado].roles",)
    (entry,) = recorded(S0, "cnamts")
    assert entry.part is Part.UNKNOWN
    said = {one.key: one.words for one in entry.fields}
    assert "Décret n° 2012-1249" in said["basis"]
    assert "PRADO maternité" in said["purposes"]
    assert "Femmes après un accouchement" in said["persons"]
    assert "Familles confrontées" not in said["persons"], "the home help is the CAF's own"
    assert "Sur Maillage : une catégorie" in said["data"]
    assert "CAF" not in said["recipients"]
    (kind,) = assessed_by(terms, "cnamts")
    sections = {one.title: " ".join(line.words for line in one.lines) for one in describe(terms, kind, {})}
    assert "garde ces données, sans échange" in sections["Échanges"]
    assert len(lacking(terms, "cnamts")) == 1
    assert (recorded(S0, "cnaf"), assessed_by(terms, "cnaf"), lacking(terms, "cnaf")) == ([], [], ())


def test_a_text_that_does_not_say_whether_data_circulate_is_asked_and_not_assessed() -> None:
    (only,) = processings(TEXTS[S1])
    assert isinstance(only, Apart)
    assert only.ground is Ground.UNSAID
    for party in ("cnamts", "cnsa"):
        assert len(lacking(TEXTS[S1], party)) == 1
        assert assessed_by(TEXTS[S1], party) == []
    (regime,) = TEXTS[S1].protection
    none = TEXTS[S1].model_copy(
        update={"protection": (regime.model_copy(update={"nominative_data": False}),)}
    )
    assert processings(none) == ()


def test_one_exchange_without_roles_counts_for_one_and_only_for_its_two_ends() -> None:
    assert [len(lacking(TEXTS[S3], party)) for party in ("cpam", "ccas", "carsat")] == [1, 1, 0]


@pytest.mark.parametrize("name", sorted(TEXTS))
def test_whatever_has_a_controller_among_the_parties_may_be_assessed_by_it_with_every_option_chosen(
    name: str,
) -> None:
    """And without any clause: PRADO's kept files too."""
    chosen = [flow.model_copy(update={"chosen": True} if flow.optional else {}) for flow in TEXTS[name].flows]
    for protection in (TEXTS[name].protection, ()):
        terms = TEXTS[name].model_copy(update={"flows": tuple(chosen), "protection": protection})
        for one in filter(is_of_persons_helped, processings(terms)):
            controllers = one.roles.controllers if isinstance(one.roles, Roles) else one.parties
            assert controllers
            for party in {party.key for party in terms.parties} & {*controllers}:
                assert kind_of(one) in {kind.key for kind in assessed_by(terms, party)}


def test_an_exchange_that_no_clause_covers_is_described_with_its_roles_and_the_rest_is_asked() -> None:
    name = "croix_rouge_cadre_2021 (local)"
    (bare,) = (kind for kind in assessed(TEXTS[name]) if kind.key == "flow-transmission_ssam")
    flows = tuple(
        flow.model_copy(
            update={"roles": Roles(controllers=("cpam",))} if flow.key == "transmission_ssam" else {}
        )
        for flow in TEXTS[name].flows
    )
    terms = TEXTS[name].model_copy(update={"flows": flows})
    kind = regime_named(terms, bare.key)
    assert kind is not None
    sections = {one.title: one.lines for one in describe(terms, kind, {"cpam": "Caisse"})}
    assert [line.words for line in sections["Parties et rôles"]] == [
        f"{kind.scope} : répond du traitement, Caisse"
    ]
    for asked in (
        "Fondement",
        "Durée de conservation",
        "Information et droits des personnes",
        "Qui mène l’analyse",
    ):
        assert all(line.asked for line in sections[asked]), asked
    assert clauses_digest(terms, kind) != clauses_digest(TEXTS[name], bare), (
        "whoever says the roles is told to review"
    )
    assert bare.key in {one.key for one in assessed_by(terms, "carsat")}, "who has a part in the data may"
    assert bare.key not in {one.key for one in assessed_by(terms, "croix_rouge")}
