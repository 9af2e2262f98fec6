"""Writing a convention by short steps: what is kept, what is refused and at which field."""

from uuid import UUID

import pytest
from django.core.exceptions import PermissionDenied

from maillage.conventions import library
from maillage.conventions.drafting import actions as drafting
from maillage.conventions.drafting.proposing import faults_before_proposal, propose, take_back
from maillage.conventions.drafting.rules import left_to_fill
from maillage.conventions.drafting.seeing import Seen, stamp
from maillage.conventions.drafting.starting import starting_points
from maillage.conventions.drafting.values import data_from_text
from maillage.conventions.lifecycle.models import Convention, Relation, TermsVersion
from maillage.conventions.lifecycle.queries import Filters, list_conventions, load, visible_to
from maillage.conventions.terms import Terms, content_hash, filling
from maillage.core.identifiers import uuid7
from maillage.core.refusals import Refused
from maillage.core.states import TransitionRefused
from tests.conventions.people import (
    CCAS,
    CNAM,
    CPAM,
    DRAFTED,
    S2,
    S3,
    WORKER,
    body,
    drafted,
    member,
    ready,
    rewrite,
    seen,
    sign_as,
)

pytestmark = pytest.mark.django_db
FRAMEWORK = "croix_rouge_cadre_2021"


def fields(error: pytest.ExceptionInfo[Refused]) -> set[str | None]:
    return {fault.field for fault in error.value.faults}


def fill(convention: UUID, path: str, text: str) -> None:
    with member(CPAM, DRAFTED) as drafter:
        row = seen(drafter, convention)
        value = data_from_text(load(row).base, path, text)
        rewrite(row, filling.fill(load(row).base, path, value), drafter)


def renamed(convention: Convention) -> Terms:
    return load(convention).base.model_copy(update={"title": "Nouvel intitulé"})


def test_a_draft_is_drawn_from_a_template_with_the_drafter_s_own_name_in_it() -> None:
    new = uuid7()
    with member(CPAM, DRAFTED) as drafter:
        drafting.start_from_library(new_id=new, name=S2, title="Convention du CH", by=drafter, at=DRAFTED)
        known = load(seen(drafter, new))
    assert known.mine is not None
    assert (known.mine.key, known.mine.role, known.row.state) == ("cpam", "drafter", "draft")
    assert known.base.parties[0].name == "CPAM de la Loire"
    assert known.base.title == "Convention du CH"
    assert known.row.content_hash == content_hash(known.base)


def test_the_same_form_sent_twice_starts_one_draft() -> None:
    new = uuid7()
    with member(CPAM, DRAFTED) as drafter:
        for _ in range(2):
            drafting.start_from_library(new_id=new, name=S2, title="Une fois", by=drafter, at=DRAFTED)
        assert visible_to(drafter).filter(title="Une fois").count() == 1


@pytest.mark.parametrize(
    ("name", "title", "field"),
    [
        ("nothing", "Titre", "template"),
        (S3, "Titre", "template"),
        (S2, "  ", "title"),
        (S2, "x" * 301, "title"),
    ],
)
def test_a_start_is_refused_at_its_field(name: str, title: str, field: str) -> None:
    with member(CPAM, DRAFTED) as drafter, pytest.raises(Refused) as error:
        drafting.start_from_library(new_id=uuid7(), name=name, title=title, by=drafter, at=DRAFTED)
    assert fields(error) == {field}


def test_a_worker_who_writes_no_convention_starts_none() -> None:
    with member(WORKER, DRAFTED) as worker, pytest.raises(PermissionDenied):
        drafting.start_from_library(new_id=uuid7(), name=S2, title="Titre", by=worker, at=DRAFTED)


def test_a_local_draft_under_a_framework_is_tied_to_it() -> None:
    frame, local = uuid7(), uuid7()
    with member(CNAM, DRAFTED) as national:
        drafting.start_from_terms(new_id=frame, terms=library.load(FRAMEWORK), by=national, at=DRAFTED)
        points = [point for point in starting_points(national) if point.framework == frame]
        drafting.start_under(
            new_id=local,
            framework=seen(national, frame),
            title="Locale",
            by=national,
            at=DRAFTED,
            my_party="cpam",
        )
        tie = Relation.objects.get(convention_id=local)
    assert len(points) == 1
    assert (tie.kind, tie.key, tie.target_id) == ("implements", "cadre", frame)


def test_a_file_goes_out_and_comes_in_exactly_as_it_was(drafted_s3: UUID) -> None:
    again = uuid7()
    with member(CPAM, DRAFTED) as drafter:
        known = load(seen(drafter, drafted_s3))
        text = drafting.export_yaml(known)
        drafting.start_from_yaml(new_id=again, content=text.encode(), by=drafter, at=DRAFTED)
        copy = load(seen(drafter, again))
    assert copy.base == known.base
    assert copy.row.content_hash == known.row.content_hash


@pytest.mark.parametrize(
    "content", [b"", b"a: [", b"parties: oui\n", b"x: " + b"y" * 3_000_000, b"&a [*a]\n", b"\xff\xfe"]
)
def test_a_bad_file_is_refused_with_its_reasons_and_nothing_is_kept(content: bytes) -> None:
    with member(CPAM, DRAFTED) as drafter:
        before = set(visible_to(drafter))
        with pytest.raises(Refused) as error:
            drafting.start_from_yaml(new_id=uuid7(), content=content, by=drafter, at=DRAFTED)
        assert set(visible_to(drafter)) == before
    assert fields(error) == {"file"}


def test_each_step_is_a_version_and_a_step_without_change_is_none(drafted_s3: UUID) -> None:
    path = "commitments[modalites_suivi].terms_of_use"
    fill(drafted_s3, path, "Deux rencontres par an")
    with member(CPAM, DRAFTED) as drafter:
        numbers = list(
            TermsVersion.objects.filter(convention_id=drafted_s3)
            .order_by("number")
            .values_list("number", flat=True)
        )
        row = seen(drafter, drafted_s3)
        known = load(row)
        written = drafting.write_text(
            convention=row, terms=known.base, seen=Seen(stamp(known)), by=drafter, at=DRAFTED
        )
    assert numbers == list(range(1, len(numbers) + 1))
    assert not written.changed


def test_an_answer_that_its_blank_cannot_take_is_refused() -> None:
    with pytest.raises(Refused):
        data_from_text(library.load(S3), "flows[orientation_misas].roles", "n'importe quoi")


def test_a_dropped_option_takes_its_flow_along(drafted_s3: UUID) -> None:
    with member(CPAM, DRAFTED) as drafter:
        row = seen(drafter, drafted_s3)
        rewrite(row, filling.drop(load(row).base, "services[eps]"), drafter)
        text = load(seen(drafter, drafted_s3)).base
    assert "eps" not in {service.key for service in text.services}
    assert "orientation_eps" not in {flow.key for flow in text.flows}


def test_a_body_of_another_nature_may_not_stand_behind_a_party(drafted_s3: UUID) -> None:
    with member(CPAM, DRAFTED) as drafter, pytest.raises(Refused) as error:
        drafting.choose_body(
            convention=seen(drafter, drafted_s3),
            key="carsat",
            organisation=body("hospital").id,
            by=drafter,
            at=DRAFTED,
        )
    assert fields(error) == {"party_carsat"}


def test_the_body_chosen_gives_its_short_name_to_a_party_without_a_name_and_to_no_other() -> None:
    for name, expected in ((S2, ["CPAM 42", "CARSAT RA", "CH d’Exemple"]), (S3, library.load(S3))):
        new = drafted(name)
        with member(CPAM, DRAFTED) as drafter:
            text = load(seen(drafter, new)).base
        printed = expected if isinstance(expected, list) else [one.short_name for one in expected.parties]
        assert [party.short_name for party in text.parties] == printed


def test_the_bodies_see_the_draft_from_the_proposal_on(drafted_s3: UUID) -> None:
    with member(CCAS, DRAFTED) as partner:
        assert not visible_to(partner).filter(pk=drafted_s3).exists()
        listed = list_conventions(partner, Filters(), 1, on=DRAFTED.date()).rows
        assert drafted_s3 not in {line.id for line in listed}
    ready(drafted_s3)
    with member(CPAM, DRAFTED) as drafter:
        propose(convention=seen(drafter, drafted_s3), by=drafter, at=DRAFTED)
    with member(CCAS, DRAFTED) as partner:
        listed = list_conventions(partner, Filters(state="proposed"), 1, on=DRAFTED.date()).rows
    [line] = [line for line in listed if line.id == drafted_s3]
    assert (line.id, line.my_key, line.partners) == (drafted_s3, "ccas", "CPAM 42, CARSAT RA, CCAS")


def test_a_proposal_waits_for_blanks_options_and_bodies_and_names_each() -> None:
    new = uuid7()
    with member(CPAM, DRAFTED) as drafter:
        drafting.start_from_library(new_id=new, name=S2, title="À finir", by=drafter, at=DRAFTED)
        with pytest.raises(Refused) as error:
            propose(convention=seen(drafter, new), by=drafter, at=DRAFTED)
        known = load(seen(drafter, new))
    assert {"party_carsat", "party_hospital"} <= fields(error)
    assert {found.path for found in left_to_fill(known.base)} <= fields(error)
    told = {fault.message for fault in error.value.faults}
    assert "Gardez ou écartez « Agent de la caisse délégué dans l'établissement »." in told
    assert known.row.state == "draft"


def test_what_a_missing_annex_would_say_does_not_stop_a_proposal(proposed_s3: UUID) -> None:
    with member(CPAM, DRAFTED) as drafter:
        known = load(seen(drafter, proposed_s3))
    assert known.row.state == "proposed"
    assert "annexes[annexe_6].content" not in {fault.field for fault in faults_before_proposal(known)}


def test_a_proposal_made_twice_is_made_once_and_may_be_taken_back(proposed_s3: UUID) -> None:
    with member(CPAM, DRAFTED) as drafter:
        with pytest.raises(TransitionRefused):
            propose(convention=seen(drafter, proposed_s3), by=drafter, at=DRAFTED)
        take_back(convention=seen(drafter, proposed_s3), by=drafter, at=DRAFTED)
        assert seen(drafter, proposed_s3).state == "draft"
    with member(CCAS, DRAFTED) as partner:
        assert not visible_to(partner).filter(pk=proposed_s3).exists()
        assert not TermsVersion.objects.filter(convention=proposed_s3).exists()


def test_only_the_drafter_proposes_and_writes(proposed_s3: UUID) -> None:
    with member(CCAS, DRAFTED) as partner:
        row = seen(partner, proposed_s3)
        for act in (
            lambda: propose(convention=row, by=partner, at=DRAFTED),
            lambda: take_back(convention=row, by=partner, at=DRAFTED),
            lambda: rewrite(row, renamed(row), partner),
        ):
            with pytest.raises(PermissionDenied):
                act()


def test_a_text_that_changes_voids_its_signatures_and_says_so(proposed_s3: UUID) -> None:
    sign_as(proposed_s3, CCAS)
    with member(CPAM, DRAFTED) as drafter:
        written = rewrite(seen(drafter, proposed_s3), renamed(seen(drafter, proposed_s3)), drafter)
        known = load(seen(drafter, proposed_s3))
    assert written.voided == ("ccas",)
    assert "ccas" in written.message
    assert known.row.state == "draft"
    assert [event.kind for event in known.events] == []
    assert [row.kind for row in known.recorded] == ["proposed", "text_changed"]
    with member(CCAS) as partner:
        assert not visible_to(partner).filter(pk=proposed_s3).exists()


def test_a_signed_text_is_no_longer_written(signed_s3: UUID) -> None:
    with member(CPAM, DRAFTED) as drafter:
        with pytest.raises(Refused, match="avenant"):
            rewrite(seen(drafter, signed_s3), renamed(seen(drafter, signed_s3)), drafter)
        assert Convention.objects.get(pk=signed_s3).state == "in_force"


def test_a_text_taken_back_goes_to_the_bodies_chosen_since_and_to_no_other(proposed_s3: UUID) -> None:
    with member(CPAM, DRAFTED) as drafter:
        take_back(convention=seen(drafter, proposed_s3), by=drafter, at=DRAFTED)
        drafting.choose_body(
            convention=seen(drafter, proposed_s3),
            key="ccas",
            organisation=body("CCAS de Villexemple").id,
            by=drafter,
            at=DRAFTED,
        )
        propose(convention=seen(drafter, proposed_s3), by=drafter, at=DRAFTED)
        known = load(seen(drafter, proposed_s3))
    assert {party.name for party in known.signatories} >= {"CCAS de Villexemple", "CPAM de la Loire"}
    with member(CCAS, DRAFTED) as former:
        assert not visible_to(former).filter(pk=proposed_s3).exists()


def test_the_drafter_is_one_of_the_parties(drafted_s3: UUID) -> None:
    with member(CPAM, DRAFTED) as drafter:
        row = seen(drafter, drafted_s3)
        Convention.objects.filter(pk=drafted_s3).update(
            chosen={**row.chosen, "cpam": str(body("hospital").id)}
        )
        with pytest.raises(Refused, match="l’une des parties"):
            propose(convention=seen(drafter, drafted_s3), by=drafter, at=DRAFTED)


def test_an_id_that_is_taken_elsewhere_is_a_stale_form_and_not_a_crash(drafted_s3: UUID) -> None:
    with member(CCAS, DRAFTED) as other, pytest.raises(Refused, match="a déjà servi"):
        drafting.start_from_library(new_id=drafted_s3, name=S2, title="Autre", by=other, at=DRAFTED)
