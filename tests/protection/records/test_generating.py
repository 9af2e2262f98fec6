"""A record says what the texts and the registry say, in the fields of article 30, and nothing that they do not."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage.conventions import library
from maillage.conventions.terms import Blank, Terms, canonical_bytes
from maillage.conventions.terms.blanks import BlankReason, Expectation
from maillage.conventions.terms.data_roles import roles_of
from maillage.conventions.terms.flows import DataNature, Roles
from maillage.conventions.terms.paths import walk
from maillage.conventions.terms.protection import OutsideUnion
from maillage.privacy.measures import MEASURES
from maillage.privacy.register import declarations
from maillage.protection.records.generating import Body, generate
from maillage.protection.records.reading import Text, part_of
from maillage.protection.records.rules import (
    Entry,
    Field,
    Part,
    Record,
    canonical,
    difference,
    digest,
    parsed,
)
from tests.protection.records.texts import S2, S3, text

BODY = Body("CCAS d’Exemple", "1 place du Marché", "", "ccas@example.org")
CONTROLLER = {
    "joint", "controllers", "processors", "purposes", "persons", "data", "recipients", "transfers", "retention", "dpo", "security",
}  # fmt: skip
PROCESSOR = {"controllers", "purposes", "transfers", "dpo", "security"}


def record(*texts: Text) -> Record:
    return generate(BODY, texts, declarations())


def only(found: Record, part: Part) -> Entry:
    (entry,) = found.of(part)
    return entry


every_side = st.sampled_from(
    [(name, party.key) for name in library.names() for party in library.load(name).parties]
)


def test_a_processor_names_those_on_whose_behalf_it_acts() -> None:
    entry = only(record(text(S2, "hospital")), Part.PROCESSOR)
    assert {one.key for one in entry.fields} >= PROCESSOR
    terms = library.load(S2)
    on_behalf = entry.field("controllers")
    assert on_behalf is not None
    assert len(on_behalf.lines) == 2
    assert "Traiter les données pour la seule finalité de la convention" in entry.field("security").words  # type: ignore[union-attr]
    assert "Autorisation préalable" in entry.field("sub_processing").words  # type: ignore[union-attr]
    assert entry.title.endswith(terms.protection[0].scope)


def test_a_controller_has_each_field_of_the_article() -> None:
    for found in (
        *record(text(S2, "cpam")).of(Part.CONTROLLER),
        *record(text(S3)).of(Part.CONTROLLER),
    ):
        assert {one.key for one in found.fields} >= CONTROLLER
        assert all(one.lines for one in found.fields)
    hospital = only(record(text(S2, "cpam")), Part.CONTROLLER).field("processors")
    assert hospital is not None
    assert "[" not in hospital.words


def test_roles_left_to_a_missing_annex_are_asked_for_and_nobody_is_made_a_controller() -> None:
    entry = only(record(text(S3)), Part.UNKNOWN)
    assert "Responsable du traitement et sous-traitant pour les détections" in entry.field("roles").words or (  # type: ignore[union-attr]
        "Rôles des parties" in entry.field("roles").words  # type: ignore[union-attr]
    )
    assert entry.field("joint").lines[0].asked  # type: ignore[union-attr]
    assert all(one.asked for one in entry.field("retention").lines)  # type: ignore[union-attr]


@given(every_side)
def test_every_blank_of_a_regime_that_concerns_a_party_is_asked_in_its_words(side: tuple[str, str]) -> None:
    name, party = side
    found = record(text(name, party))
    said = [line for entry in found.entries for one in entry.fields for line in one.lines]
    asked = {line.text for line in said if line.asked}
    terms = library.load(name)
    ours = {entry.key.split("/")[1] for entry in found.entries if entry.convention}
    for regime in terms.protection:
        if regime.key in ours:
            for value in (regime.retention, regime.destruction, regime.dpos, regime.sub_processing):
                if isinstance(value, Blank) and not _is_a_processor_only(found, regime.key, value, regime):
                    assert f"{value.asked} ({value.why.label})" in asked
    questions = {blank.asked for _, blank in walk(terms) if isinstance(blank, Blank)}
    for line in said:
        if not line.asked:
            assert not any(question in line.text for question in questions if len(question) > 30)


def _is_a_processor_only(found: Record, regime: str, value: Blank, clause: object) -> bool:
    """A processor's entry has no delay of erasure (art. 30.2)."""
    parts = {one.part for one in found.entries if one.convention and one.key.split("/")[1] == regime}
    late = value is getattr(clause, "retention", None) or value is getattr(clause, "destruction", None)
    return parts == {Part.PROCESSOR} and late


@given(every_side, st.randoms(use_true_random=False))
def test_the_same_texts_give_the_same_bytes_in_any_order(side: tuple[str, str], random: object) -> None:
    texts = [text(*side), text(S3, number="2", title="Autre"), text(S2, "cpam", number="3")]
    shuffled = list(texts)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    first, second = canonical(record(*texts)), canonical(record(*shuffled))
    assert first == second
    assert parsed(first) == record(*texts)
    assert canonical(parsed(first)) == first
    assert len(digest(first)) == 64


@given(every_side)
def test_nothing_differs_from_itself_and_a_convention_that_comes_or_goes_is_seen(
    side: tuple[str, str],
) -> None:
    before = record(text(S3, number="2", title="Autre"))
    after = record(text(S3, number="2", title="Autre"), text(*side))
    assert difference(before, before).is_nothing
    come, gone = difference(before, after), difference(after, before)
    assert len(come.added) == len(after.entries) - len(before.entries) == len(gone.removed)
    assert not come.removed
    assert not come.changed


def with_flow(terms: Terms, **changes: object) -> Terms:
    """The text with one more nominative flow."""
    model = next(one for one in terms.flows if one.key == "orientation_eps")
    new = model.model_copy(
        update={"key": "nouveau_flux", "optional": False, "label": "Un nouvel échange", **changes}
    )
    return terms.model_copy(update={"flows": (*terms.flows, new)})


def test_a_flow_that_comes_shows_up() -> None:
    terms = library.load(S3)
    before = record(text(S3))
    alone = with_flow(terms, roles=Roles(controllers=("ccas",), processors=("cpam",)))
    after = record(text(terms=alone))
    (added,) = difference(before, after).added
    assert "sans régime de protection" in added
    assert "Comme responsable du traitement" in added
    regime = terms.protection[1].model_copy(update={"flows": (*terms.protection[1].flows, "nouveau_flux")})
    covered = alone.model_copy(update={"protection": (terms.protection[0], regime)})
    found = difference(before, record(text(terms=covered)))
    assert not found.added
    ((_, changes),) = found.changed
    assert any("Un nouvel échange" in one.after and "Un nouvel échange" not in one.before for one in changes)


def test_a_flow_without_data_or_left_to_choose_is_no_processing() -> None:
    terms = library.load(S3)
    for changes in (
        {"data": DataNature.NONE},
        {"data": DataNature.AGGREGATE},
        {"optional": True, "chosen": None},
        {"optional": True, "chosen": False},
    ):
        assert record(text(terms=with_flow(terms, **changes))) == record(text(S3))


def test_a_regime_of_contacts_stands_by_itself_and_one_of_counts_alone_is_no_processing() -> None:
    contacts = only(record(text("croix_rouge_cadre_2021", "croix_rouge")), Part.CONTROLLER)
    assert "co-contractant" in contacts.title
    assert "5 ans" in contacts.field("retention").words  # type: ignore[union-attr]
    counts = record(text("prado_maternite_2016", "cnaf"))
    assert not [one for one in counts.entries if one.convention]


def test_the_flow_s_own_roles_come_before_those_of_its_regime() -> None:
    terms = library.load(S3)
    flow = next(one for one in terms.flows if one.key == "orientation_eps")
    assert roles_of(terms, flow) == Roles(controllers=("ccas", "cpam"))
    bare = flow.model_copy(update={"roles": None})
    assert roles_of(terms, bare) == terms.protection[1].roles
    blank = Blank(blank="roles", asked="Qui répond ?", why=BlankReason.SILENT)
    assert part_of(blank, "ccas") is Part.UNKNOWN
    assert part_of(Roles(controllers=("ccas",), processors=("cpam",)), "cpam") is Part.PROCESSOR
    assert part_of(Roles(controllers=("ccas",)), "carsat") is None


def test_joint_controllers_are_told_apart_from_those_who_answer_each_for_itself() -> None:
    terms = with_flow(library.load(S3), roles=Roles(controllers=("ccas", "cpam"), joint=True))
    entry = next(one for one in record(text(terms=terms)).of(Part.CONTROLLER) if "sans régime" in one.title)
    assert "Loire" in entry.field("joint").words  # type: ignore[union-attr]
    assert entry.field("controllers").words == "Aucun dans le texte"  # type: ignore[union-attr]


def test_what_the_platform_keeps_is_said_by_category() -> None:
    found = record(text(S3))
    own = {one.key for one in found.of(Part.OWN)}
    assert {"maillage/accounts", "maillage/journal", "maillage/identity"} <= own
    for entry in found.of(Part.OWN):
        assert {one.key for one in entry.fields} >= {"purposes", "persons", "data", "retention", "security"}
    assert "maillage/identity" not in {one.key for one in record().of(Part.OWN)}


@pytest.mark.parametrize("measure", MEASURES, ids=lambda one: one.words[:30])
def test_each_measure_stands_on_a_promise_that_is_tested(measure: object) -> None:
    rows = [
        line.split("|")
        for line in Path("docs/security.md").read_text(encoding="utf-8").splitlines()
        if line.startswith("| ")
    ]
    tested = {cells[1].strip().replace("'", "’"): cells[3] for cells in rows if len(cells) > 4}
    for promise in measure.promises:  # type: ignore[attr-defined]
        assert "test_" in tested[promise] or "tests/" in tested[promise]


def outside(value: object) -> Field:
    """What the record of the caisse says of transfers, where its text says this."""
    known = text(S2, "cpam")
    (first, *others) = known.terms.protection
    terms = known.terms.model_copy(
        update={"protection": (first.model_copy(update={"outside_union": value}), *others)}
    )
    found = only(record(replace(known, terms=terms)), Part.CONTROLLER).field("transfers")
    assert found is not None
    return found


def test_transfers_outside_the_union_are_those_of_the_text_else_a_question() -> None:
    silent = outside(None)
    assert [one.asked for one in silent.lines] == [True]
    blank = Blank(
        blank="hors_union",
        asked="Transferts hors de l’Union",
        why=BlankReason.SILENT,
        expects=Expectation.CLAUSE,
    )
    assert outside(blank).lines[0].asked
    told = outside(OutsideUnion(article="annexe 1-4", where="aucun"))
    assert (told.words, told.lines[0].asked) == ("Aucun (annexe 1-4)", False)
    abroad = OutsideUnion(article="6", where="Canada", guarantees="décision d’adéquation")
    assert outside(abroad).words == "Canada, garanties : décision d’adéquation (article 6)"


def test_a_text_written_before_keeps_its_digest() -> None:
    """The clause is left out where it is at its default: what was signed is still what was signed."""
    assert b"outside_union" not in canonical_bytes(library.load(S2))
