"""Imports against a real directory: what a line does, what a second run does, what a killed one leaves, who may."""

from collections import Counter
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection, connections, transaction
from django.test.utils import CaptureQueriesContext

from maillage.audit.models import Entry
from maillage.core.clock import now
from maillage.core.refusals import Refused
from maillage.core.row_security import acting
from maillage.organisations.directory.imports import running
from maillage.organisations.directory.imports.reporting import summary
from maillage.organisations.directory.imports.running import Outcome, Progress, prepare
from maillage.organisations.directory.imports.working import (
    abandon,
    advance,
    apply_file,
    confirm,
    deposit,
    outcomes_of,
)
from maillage.organisations.directory.models import DirectoryImport, ImportPart
from maillage.organisations.member import Member
from maillage.organisations.models import Membership, Organisation, User
from tests.organisations.directory.files import HEADINGS, bodies, siret, source

pytestmark = pytest.mark.django_db(databases=["default", "owner"])


def run(text: str, *, write: bool = True, using: str = "owner") -> list[Outcome]:
    """Import as the operator; what became of each line."""
    found: list[Outcome] = []

    def keep(progress: Progress) -> bool:
        found.extend(progress.outcomes)
        return True

    apply_file(prepared=prepare(source(text)), write=write, keep=keep, using=using)
    return found


def verbs(outcomes: list[Outcome]) -> list[str]:
    return [one.verb for one in outcomes]


def test_lines_open_and_amend_and_a_second_run_changes_nothing() -> None:
    text = f"{HEADINGS}\nCCAS;CCAS d’Essai;{siret(1)};42;Montbrison;\nHôpital;CH d’Essai;;2A;Ajaccio;ch@essai.example.org"
    assert verbs(run(text)) == ["created", "created"]
    ccas = Organisation.objects.using("owner").get(siret=siret(1))
    assert (ccas.kind, ccas.commune, ccas.covers, ccas.time_zone) == (
        "ccas",
        "42147",
        ["42147"],
        "Europe/Paris",
    )
    again = run(text)
    assert verbs(again) == ["unchanged", "unchanged"]
    assert summary(Counter(verbs(again))).startswith("rien n’a changé")
    changed = run(text.replace("CCAS d’Essai", "CCAS d’Essai-les-Bains").replace("ch@", "autre@"))
    assert [(one.verb, one.details) for one in changed] == [
        ("updated", ("nom",)),
        ("updated", ("boîte générique",)),
    ]
    assert Organisation.objects.using("owner").get(siret=siret(1)).sort_name == "ccas d'essai-les-bains"


def test_an_empty_cell_takes_nothing_away() -> None:
    run(f"{HEADINGS}\nCCAS;CCAS d’Essai;{siret(1)};42;Montbrison;ccas@essai.example.org")
    assert verbs(run(f"{HEADINGS}\nCCAS;CCAS d’Essai;{siret(1)};;;")) == ["unchanged"]
    assert Organisation.objects.using("owner").get(siret=siret(1)).mailbox == "ccas@essai.example.org"


def test_a_dry_run_says_the_same_and_writes_nothing() -> None:
    text = bodies(30) + f"\nAssociation;Unité locale;;42;;\nCCAS;Refusé;123;;;\nCCAS;Deux;{siret(0)};;;"
    before = Organisation.objects.using("owner").count()
    entries = Entry.objects.using("owner").count()
    rehearsed = run(text, write=False)
    assert Organisation.objects.using("owner").count() == before
    assert Entry.objects.using("owner").count() == entries
    assert [one.as_list() for one in rehearsed] == [one.as_list() for one in run(text)]


def test_each_line_is_known_by_its_siret_then_its_code_then_its_name() -> None:
    title = "Nature;Nom;SIRET;Code;Département;Rattachement"
    first = [f"CPAM;CPAM d’Un;{siret(1)};;42;", "CPAM;CPAM de Deux;;999;42;", "CPAM;CPAM de Trois;;;42;"]
    assert verbs(run("\n".join([title, *first]))) == ["created"] * 3
    then = [
        f"CPAM;CPAM d’Un renommée;{siret(1)};111;42;Cnam",
        "CPAM;CPAM de Deux renommée;;999;42;Caisse nationale de l’Assurance Maladie",
        f"CPAM;CPAM de Trois;{siret(3)};;42;",
        f"CPAM;CPAM d’Un renommée;{siret(4)};111;42;",
    ]
    found = run("\n".join([title, *then]))
    assert [(one.verb, one.details) for one in found[1:3]] == [
        ("updated", ("nom", "rattachement")),
        ("updated", ("SIRET",)),
    ]
    assert found[0].verb == "contradiction"  # its code stands on the fourth line with another SIRET
    assert (
        run("\n".join([title, f"CPAM;CPAM d’Un;{siret(1)};111;42;Nulle part"]))[0]
        .details[0]
        .startswith("rattachement")
    )


def test_units_follow_their_head_in_one_file() -> None:
    title = "Nature;Nom;SIRET;Département;Rattachement"
    lines = [
        f"Association;Tête de réseau;{siret(1)};;",
        "Association;Délégation régionale;;69;Tête de réseau",
        f"Association;Unité locale;;42;{siret(1)}",
        "Association;Trop tôt;;42;Plus bas",
        "Association;Plus bas;;42;",
    ]
    for write in (False, True):
        assert verbs(run("\n".join([title, *lines]), write=write)) == ["created"] * 3 + ["refused", "created"]
    unit = Organisation.objects.using("owner").get(name="Unité locale")
    assert unit.parent is not None
    assert unit.parent.name == "Tête de réseau"


def test_what_an_import_never_changes_is_refused() -> None:
    run(f"{HEADINGS}\nCCAS;Un;{siret(1)};42;;\nCCAS;Fermé;{siret(2)};42;;")
    Organisation.objects.using("owner").filter(siret=siret(2)).update(closed_on=date(2026, 1, 1))
    found = run(f"{HEADINGS}\nCPAM;Un;{siret(1)};42;;\nCCAS;Fermé;{siret(2)};63;;")
    assert [one.details[0] for one in found] == [
        "la nature d’un organisme ne change pas par un import",
        "cet organisme est fermé : un import ne le rouvre pas",
    ]
    found = run(f"{HEADINGS}\nCCAS;Un;{siret(1)};974;;")
    assert "fuseau horaire" in found[0].details[0]


def test_a_batch_costs_a_fixed_number_of_statements() -> None:
    with CaptureQueriesContext(connections["owner"]) as captured:
        run(bodies(60))
    few = len(captured)
    with CaptureQueriesContext(connections["owner"]) as captured:
        run(bodies(190, start=1000))
    assert len(captured) == few


# In the background, in somebody's name.


class acting_as_manager:  # noqa: N801 - reads as the verb it is
    """The directory's manager of the Cnam, in context."""

    def __enter__(self) -> Member:
        self._stack = transaction.atomic()
        self._stack.__enter__()
        self.member = manager()
        self._acting = acting(organisation=self.member.organisation, user=self.member.user)
        self._acting.__enter__()
        return self.member

    def __exit__(self, *error: object) -> None:
        self._acting.__exit__(*error)  # type: ignore[arg-type]
        self._stack.__exit__(*error)  # type: ignore[arg-type]


def manager() -> Member:
    person = User.objects.get(email="annuaire@cnam.example.org")
    cnam = Organisation.objects.get(kind="cnam")
    return Member(
        person.id, person.full_name, cnam.id, cnam.name, cnam.kind, frozenset({"directory_manager"})
    )


def deposited(text: str) -> DirectoryImport:
    with acting_as_manager() as member:
        return deposit(new_id=uuid4(), file_name="essai.csv", content=text.encode(), by=member, at=now())


def step(row: DirectoryImport) -> DirectoryImport:
    advance(row.pk, organisation=row.organisation_id, person=row.by_id, now=now)
    with acting_as_manager():
        return DirectoryImport.objects.get(pk=row.pk)


def test_a_file_is_rehearsed_then_confirmed_then_applied() -> None:
    row = step(deposited(bodies(450) + "\nCCAS;Refusé;123;;;"))
    assert (row.state, row.done, row.total) == ("rehearsed", 451, 451)
    assert row.rehearsal["counts"] == {"created": 450, "refused": 1}
    assert not Organisation.objects.filter(name="Association 000001").exists()
    with acting_as_manager() as member:
        confirm(row=row, by=member, at=now())
    row = step(row)
    assert (row.state, row.application["counts"]) == ("applied", {"created": 450, "refused": 1})
    with acting_as_manager():
        lines = list(outcomes_of(row, "application"))
    assert [line[0] for line in lines] == list(range(2, 453))
    assert Organisation.objects.filter(name__startswith="Association 0").count() == 450


def test_a_killed_import_goes_on_after_its_last_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    row = step(deposited(bodies(650)))
    with acting_as_manager() as member:
        confirm(row=row, by=member, at=now())
    save, calls = running._Batch._save, []

    def dying(self: Any) -> None:
        calls.append(1)
        if len(calls) == 3:
            raise RuntimeError("killed")
        save(self)

    monkeypatch.setattr(running._Batch, "_save", dying)
    with pytest.raises(RuntimeError):
        step(row)
    with acting_as_manager():
        assert ImportPart.objects.filter(of=row, stage="application").count() == 2
    monkeypatch.setattr(running._Batch, "_save", save)
    row = step(row)
    assert (row.state, row.done, row.application["counts"]) == ("applied", 650, {"created": 650})
    assert Organisation.objects.filter(name__startswith="Association 0").count() == 650


def test_a_role_taken_away_stops_the_import() -> None:
    row = step(deposited(bodies(5)))
    with acting_as_manager() as member:
        confirm(row=row, by=member, at=now())
    administrator = User.objects.get(email="admin@cnam.example.org")
    with transaction.atomic(), acting(organisation=row.organisation_id, user=administrator.id):
        held = Membership.objects.get(role="directory_manager")
        with connection.cursor() as cursor:
            cursor.execute("SELECT end_membership(%s, NULL, true)", [held.id])
    row = step(row)
    assert row.state == "refused"
    assert "ne tient plus l’annuaire" in row.fault
    assert not Organisation.objects.filter(name="Association 000001").exists()


def test_a_file_that_is_not_one_is_refused_with_its_reason() -> None:
    row = step(deposited("a;b\n1;2"))
    assert row.state == "refused"
    assert "Il manque la colonne « nature »" in row.fault


def test_an_abandoned_file_is_never_applied() -> None:
    row = deposited(bodies(3))
    with acting_as_manager() as member:
        abandon(row=row, by=member, at=now())
        with pytest.raises(Refused):
            confirm(row=row, by=member, at=now())


@pytest.mark.parametrize("kind", ["cpam", "cnam"])
def test_nobody_else_deposits(kind: str) -> None:
    body = Organisation.objects.filter(kind=kind).first()
    assert body is not None
    roles = frozenset({"directory_manager"}) if kind == "cpam" else frozenset({"national_referent"})
    with pytest.raises(Refused):
        deposit(
            new_id=uuid4(), file_name="x", content=b"x", at=now(),
            by=Member(uuid4(), "", body.id, body.name, kind, roles),
        )  # fmt: skip
