"""A partner's table from her file to files to complete: read, tried, imported once, corrected and imported again."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connections

from maillage.core.clock import now
from maillage.core.identifiers import uuid7
from maillage.core.refusals import Refused
from maillage.core.spreadsheets.tables import Row
from maillage.core.spreadsheets.writing import csv_file, wrong_lines
from maillage.rights.bulk import acting
from maillage.rights.bulk.keeping import memory_of
from maillage.rights.filing import Incomplete, file
from maillage.rights.models import ApplicationImport, ImportedLine
from maillage.rights.preparing import discard, preparations_of
from tests.core.spreadsheets.files import xlsx
from tests.days import today
from tests.referrals.world import STRANGER, member
from tests.rights.bulk.tables import (
    TITLES,
    begun,
    bring,
    confirm,
    csv,
    described,
    imported,
    lines,
    name,
    numbers,
    row_of,
    tried,
    worked,
    wrong,
)
from tests.rights.world import CANARIES, PASS, Signed

BAD_DATE = ["Palissandre 7", "Eudoxie", "31/02/1991", "C2S", "", "0600000099", ""]


def test_a_table_is_read_tried_and_then_begins_one_file_a_line(committed: Signed) -> None:
    table = bring(committed, csv([*lines(2), BAD_DATE]))
    assert worked() == 1
    assert (row_of(table).state, row_of(table).total) == ("read", 3)
    assert described(table).header == TITLES
    assert row_of(table).places["birth_date"] == 2
    name(table)
    worked()
    assert numbers(table) == ("rehearsed", 2, 0, 1)
    assert not begun()
    assert [(one.line, len(one.told)) for one in wrong(table)] == [(4, 2)]
    confirm(table)
    worked()
    assert numbers(table) == ("imported", 2, 0, 1)
    files = begun()
    assert sorted(files) == [2, 3]
    first = files[2]
    assert first.person is not None
    assert (first.right, first.person.surname, first.person.phone, first.told, first.agreement) == (
        "c2s",
        "Palissandre 0",
        "06 00 00 00 00",
        None,
        None,
    )


def test_the_same_lines_again_make_nothing_new_even_once_sent_away(committed: Signed) -> None:
    imported(committed, csv(lines(3)))
    again = tried(committed, csv(lines(5)))
    assert numbers(again) == ("rehearsed", 2, 3, 0)
    confirm(again)
    worked()
    assert numbers(again) == ("imported", 2, 3, 0)
    assert sorted(begun()) == [2, 3, 4, 5, 6]
    with member(PASS) as worker:
        for one in preparations_of(worker):
            discard(preparation=one.id, by=worker)
    last = tried(committed, csv(lines(5)))
    assert numbers(last) == ("rehearsed", 0, 5, 0)
    with pytest.raises(Refused, match="aucun dossier nouveau"):
        confirm(last)


def test_the_lines_sent_back_are_corrected_and_imported(committed: Signed) -> None:
    table = imported(committed, csv([*lines(1), BAD_DATE, lines(1)[0]]))
    assert numbers(table) == ("imported", 1, 0, 2)
    header, *rest = wrong_lines(
        described(table).header, [(Row(one.line, one.cells), one.told) for one in wrong(table)]
    )
    assert "pour cette personne" in rest[1][-1]
    rest[0][2], rest[0][4] = "28/02/1991", rest[1][4]
    corrected = imported(committed, csv_file(header, rest))
    assert numbers(corrected) == ("imported", 1, 1, 0)
    assert row_of(corrected).emptied_at is not None


def test_a_day_counted_from_1904_is_sent_back_as_a_day(committed: Signed) -> None:
    header = "".join(f'<c t="inlineStr"><is><t>{title}</t></is></c>' for title in TITLES[:6])
    said = ["Palissandre", "", "", "C2S", "", "0600000001"]
    cells = [f'<c t="inlineStr"><is><t>{cell}</t></is></c>' for cell in said]
    cells[2], cells[4] = "<c><v>31825</v></c>", "<c><v>0</v></c>"
    book = xlsx(
        f'<row r="1">{header}</row><row r="2">{"".join(cells)}</row>', book='<workbookPr date1904="1"/>'
    )
    table = tried(committed, book)
    assert wrong(table)[0].cells[2] == "18/02/1991"


def test_merged_cells_and_a_formula_without_value_spoil_their_own_lines_alone(committed: Signed) -> None:
    rows = [
        "".join(f'<c t="inlineStr"><is><t>{cell}</t></is></c>' for cell in row) for row in (TITLES, *lines(4))
    ]
    rows[2] = rows[2].replace('<c t="inlineStr"><is><t>Eudoxie</t></is></c>', "<c><f>A1</f></c>")
    rows[4] = rows[4].replace("C2S", "css")
    sheet = "".join(f'<row r="{number}">{row}</row>' for number, row in enumerate(rows, 1))
    table = tried(
        committed,
        xlsx(sheet, after='<mergeCells><mergeCell ref="A4:A4"/><mergeCell ref="A4:B4"/></mergeCells>'),
    )
    assert numbers(table) == ("rehearsed", 2, 0, 2)
    merged = "Des cellules sont fusionnées (A4:B4) : défusionnez-les."
    assert [(one.line, " ".join(one.told)) for one in wrong(table)] == [
        (3, "prénom : La formule n’a pas de valeur enregistrée : ouvrez le fichier dans votre tableur et enregistrez-le."),
        (4, f"nom : {merged} prénom : {merged}"),
    ]  # fmt: skip


def test_columns_named_by_hand_are_remembered_for_the_same_titles(committed: Signed) -> None:
    titles = ("A", "B", "C", "D", "E", "F", "G")
    table = bring(committed, csv(lines(1), titles))
    worked()
    assert row_of(table).places == {}
    with pytest.raises(Refused, match="Il manque une colonne : droit, nom, prénom"):
        name(table)
    fields = ("surname", "given_name", "birth_date", "right", "handed_on", "phone")
    name(table, **{f"column_{place}": field for place, field in enumerate(fields)})
    again = bring(committed, csv(lines(1), titles))
    worked()
    assert row_of(again).places == {field: place for place, field in enumerate(fields)}
    with member(PASS) as worker:
        assert memory_of(worker.organisation).titles["g"] == ""


def test_two_columns_that_say_the_same_are_refused_at_the_field(committed: Signed) -> None:
    table = bring(committed, csv(lines(1)))
    worked()
    with pytest.raises(Refused) as refused:
        name(table, column_6="surname")
    assert {fault.field for fault in refused.value.faults} == {"column_0", "column_6"}


def test_a_table_of_one_right_needs_no_column_for_it(committed: Signed) -> None:
    titles = [title for title in TITLES if title != "Droit"]
    rows = [[cell for place, cell in enumerate(row) if place != 3] for row in lines(2)]
    table = imported(committed, csv(rows, titles), right="puma")
    assert numbers(table)[:2] == ("imported", 2)
    assert {one.right for one in begun().values()} == {"puma"}


def test_what_a_line_begins_is_completed_by_a_person_before_it_is_sent(committed: Signed) -> None:
    imported(committed, csv(lines(1)))
    with member(PASS) as worker:
        (one,) = preparations_of(worker)
        with pytest.raises(Incomplete) as missing:
            file(preparation=one.id, by=worker, at=now())
    assert "information" in missing.value.steps


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"%PDF-1.7", "tableur"),
        (csv([]), "aucune ligne"),
        (b"\xd0\xcf\x11\xe0", "XLS"),
        (b"a;b\r\n" + b"x;y\r\n" * 100_001, "plus de 100"),
    ],
)
def test_a_file_that_is_no_table_is_refused_and_destroyed(
    committed: Signed, content: bytes, said: str
) -> None:
    table = bring(committed, content)
    worked()
    row = row_of(table)
    assert row.state == "refused"
    assert said in row.fault
    assert (row.sealed, row.described, row.emptied_at is None) == (None, None, False)


def test_an_empty_file_a_closed_convention_and_another_role_are_refused_at_once(committed: Signed) -> None:
    with pytest.raises(Refused, match="vide"):
        bring(committed, b"")
    under = committed.authorisation().id
    with member(STRANGER) as stranger, pytest.raises(Refused, match="ne permet pas"):
        acting.bring(
            new_id=uuid7(), file_name="a.csv", content=b"a", authorisation=under, by=stranger, at=now()
        )
    committed.publish(until=now() - timedelta(days=1))
    with pytest.raises(Refused, match="ne permet plus"):
        bring(committed, csv(lines(1)))


def test_the_convention_that_ends_between_the_try_and_the_import_stops_it(committed: Signed) -> None:
    table = tried(committed, csv(lines(2)))
    confirm(table)
    committed.publish(until=now() - timedelta(days=1))
    worked()
    row = row_of(table)
    assert (row.state, row.content, begun()) == ("refused", None, {})
    assert "ne permet plus" in row.fault


def test_her_role_is_looked_at_again_when_the_background_runs(committed: Signed) -> None:
    table = bring(committed, csv(lines(2)))
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "UPDATE organisations_membership m SET until = %s FROM organisations_user u WHERE u.id = m.user_id AND u.email = %s",
            [today() - timedelta(days=1), PASS],
        )
    worked()
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT state, fault FROM rights_applicationimport WHERE id = %s", [table])
        state, fault = cursor.fetchone()
    assert state == "refused"
    assert "ne prépare plus" in fault


def test_nothing_of_anybody_is_readable_in_the_database_nor_in_the_journal(committed: Signed) -> None:
    table = imported(committed, csv([*lines(2), replace_surname(BAD_DATE)]))
    with connections["owner"].cursor() as cursor:
        written = []
        for name_ in (
            "applicationimport",
            "applicationimportpart",
            "importedline",
            "importmemory",
            "preparation",
        ):
            cursor.execute(f"SELECT t::text FROM rights_{name_} t")  # noqa: S608 - our own names
            written += [one for (one,) in cursor.fetchall()]
        cursor.execute("SELECT verb, reason, e::text FROM audit_entry e WHERE object_ref = %s", [str(table)])
        journal = cursor.fetchall()
    assert len(written) == 1 + 1 + 2 + 1 + 2
    text = " ".join([*written, *(entry[2] for entry in journal)])
    hidden = [part for canary in CANARIES for part in (canary, canary.encode().hex())]
    assert not [one for one in hidden if one in text]
    assert "dossiers.csv" not in text
    told = {verb: reason for verb, reason, _ in journal}
    assert told["table.finish"] == "2 à commencer ou commencés, 0 déjà importés, 1 à corriger"
    assert {"table.bring", "table.name", "table.confirm", "table.rehearse"} <= told.keys()


def replace_surname(row: list[str]) -> list[str]:
    return ["Palissandre", *row[1:]]


def test_a_form_sent_twice_brings_one_table(committed: Signed) -> None:
    said = {"file_name": "a.csv", "content": csv(lines(1)), "authorisation": committed.authorisation().id}
    new = uuid7()
    with member(PASS) as worker:
        one = acting.bring(new_id=new, by=worker, at=now(), **said)  # type: ignore[arg-type]  # as said above
        two = acting.bring(new_id=new, by=worker, at=now(), **said)  # type: ignore[arg-type]  # as said above
        assert one.id == two.id
        assert acting.within_reach(worker).count() == 1


def test_a_digest_says_nothing_without_the_key_of_its_organisation(committed: Signed) -> None:
    imported(committed, csv(lines(2)))
    with member(PASS) as worker:
        memory = memory_of(worker.organisation)
        digests = {bytes(one.digest) for one in ImportedLine.objects.filter(organisation=worker.organisation)}
    assert len(digests) == 2
    assert len(memory.key) == 32
    assert replace(memory, key=bytes(32)).key not in digests
    assert ImportedLine.objects.using("owner").filter(digest=memory.key).count() == 0


def test_another_organisation_sees_no_table(committed: Signed) -> None:
    table = bring(committed, csv(lines(1)))
    with member(STRANGER) as stranger:
        assert not acting.within_reach(stranger).exists()
        assert not ApplicationImport.objects.filter(id=table).exists()
