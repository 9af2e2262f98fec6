"""The test of the schema: a convention that its authors never saw is written without touching code."""

from datetime import date
from pathlib import Path

import pytest

from maillage.conventions.terms import Change, Operation, UntouchableError, blanks, consolidate, load_terms
from maillage.conventions.terms.commitments import Amount, Rhythm
from maillage.conventions.terms.duration import Denunciation, Renewal, Term
from maillage.conventions.terms.flows import Roles
from maillage.conventions.terms.parties import BodyKind
from maillage.core.calendar import Period

FILE = Path(__file__).parent / "data" / "hopitaux_du_departement_2027.yaml"
terms = load_terms(FILE)


def test_it_holds_and_leaves_nothing_to_fill() -> None:
    assert blanks(terms) == ()


def test_it_has_five_parties_of_several_branches() -> None:
    assert len(terms.parties) == 5
    assert {party.branch for party in terms.parties} >= {"maladie", "agriculture", "famille"}
    assert {party.kind for party in terms.parties} >= {
        BodyKind.CPAM,
        BodyKind.MSA,
        BodyKind.CAF,
        BodyKind.DEPARTEMENT,
    }


def test_one_caisse_concludes_with_all_the_hospitals_of_a_departement() -> None:
    hospitals = next(party for party in terms.parties if party.kind is BodyKind.HOSPITAL)
    assert [structure.signs for structure in hospitals.structures] == [True, True, False]


def test_money_flows_on_fixed_dates() -> None:
    payment = terms.commitments[0]
    assert payment.amount == Amount(cents=1_250_000, per="trimestre")
    assert payment.cadence is not None
    assert payment.cadence.rhythm is Rhythm.QUARTERLY
    assert payment.cadence.days == ("03-31", "06-30", "09-30", "12-31")


def test_its_end_is_tied_to_another_instrument_and_its_start_is_retroactive() -> None:
    assert isinstance(terms.term, Term)
    assert terms.term.ends_with == "contrat local de santé du Valdoux 2027-2031"
    assert terms.term.ends_on is None
    assert terms.term.starts == date(2027, 1, 1)
    assert isinstance(terms.renewal, Renewal)
    assert (terms.renewal.mode, terms.renewal.times) == ("express", 2)


def test_a_party_may_leave_alone_with_a_notice_in_working_days() -> None:
    assert isinstance(terms.exits, tuple)
    leaving = terms.exits[0]
    assert isinstance(leaving, Denunciation)
    assert (leaving.effect, leaving.by, leaving.notice) == (
        "party_leaves",
        ("msa", "caf"),
        Period(working_days=10),
    )


def test_each_flow_has_roles_of_its_own() -> None:
    roles = [flow.roles for flow in terms.flows]
    assert roles[0] == Roles(controllers=("cpam",), processors=("ght",))
    assert roles[1] == Roles(controllers=("msa", "ght"), joint=True)


def test_a_commitment_may_be_out_of_reach_of_avenants() -> None:
    raise_it = Change(
        operation=Operation.REPLACE, path="commitments[contribution].amount", value={"cents": 1}
    )
    with pytest.raises(UntouchableError, match="article 17"):
        consolidate(terms, raise_it)
