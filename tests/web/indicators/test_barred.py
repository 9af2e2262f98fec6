"""A party that may open no case reads the same pages and files whatever happens to people: nothing of it can be told from them."""

import re
from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
from django.db import connection, connections
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from maillage.catalogue.measures import GUIDES
from maillage.conventions.lifecycle.models import Convention
from maillage.core.clock import now
from maillage.core.identifiers import uuid7
from maillage.core.refusals import Refused
from maillage.indicators.counting import all_read_exactly, amounts_by_year, reads_exactly
from maillage.indicators.figures import Year
from maillage.indicators.sheets import actions as sheets
from maillage.indicators.sheets.actions import Given
from maillage.indicators.sheets.models import YearAnswer
from maillage.indicators.sheets.rules import Said
from maillage.steering.committees import actions
from maillage.steering.committees.actions import Planned
from maillage.steering.committees.models import Meeting
from maillage.steering.committees.packing import make_pack
from tests.days import today
from tests.referrals.test_outcomes import accepted, noting
from tests.referrals.world import (
    READER,
    STRANGER,
    Signed,
    all_done,
    member,
    organisation,
    send_referral,
    sign_convention,
)
from tests.rights.world import PASS, sign
from tests.rights.world import Signed as WithFiles
from tests.web.referrals.conftest import Signs, plain

BARRED, REFERENT = "referente@carsat.example.org", "referent@ccas.example.org"
"""The CARSAT signs this convention and neither sends nor receives anybody under it: it stands for the CAF."""
YEAR = today().year
CHANGING = re.compile(
    r'name="(?:csrfmiddlewaretoken|token)" value="[^"]*"|csrf-token" content="[^"]*"|X-CSRFToken": "[^"]*"'
)


def met(signed: Signed) -> Meeting:
    """A meeting of the committee, to come."""
    with member(READER) as actor:
        convention = Convention.objects.get(pk=signed.id)
        said = Planned(uuid7(), "copil", today())
        return actions.plan(convention=convention, said=said, by=actor, at=now())


def addresses(signed: Signed, meeting: Meeting) -> list[str]:
    """Every page and export that counts something under a convention."""
    year = [signed.id, YEAR]
    return [
        "/",
        reverse("conventions:convention", args=[signed.id]),
        reverse("conventions:commitments", args=[signed.id]),
        reverse("indicators:bilan", args=year),
        *(reverse("indicators:bilan_export", args=[*year, kind]) for kind in ("csv", "xlsx")),
        reverse("indicators:answers", args=[*year, 1]),
        reverse("indicators:sheet_taken", args=year),
        reverse("committees:list", args=[signed.id]),
        reverse("committees:meeting", args=[meeting.pk]),
        reverse("committees:local_actions", args=[signed.id]),
        reverse("training:convention", args=[signed.id]),
        reverse("rights:board", args=[signed.id]),
        reverse("conventions:deployment", args=[signed.id]),
        reverse("indicators:campaigns"),
    ]


def words(content: bytes, address: str) -> str:
    """What a page or a workbook says, without what is drawn anew each time."""
    if address.endswith(("xlsx", "xlsx/")):
        return repr(
            [
                [[cell.value for cell in line] for line in sheet.iter_rows()]
                for sheet in load_workbook(BytesIO(content)).worksheets
            ]
        )
    return CHANGING.sub("", content.decode())


def read(client: Client, signed: Signed, meeting: Meeting) -> dict[str, str]:
    found = {}
    for address in addresses(signed, meeting):
        answer = client.get(address)
        content = b"".join(answer) if answer.streaming else answer.content
        found[address] = f"{answer.status_code} {words(content, address)}"
    return found


def packed(signed: Signed, meeting: Meeting) -> str:
    """The workbook of the meeting's file, made by the caisse, as the other party takes it."""
    with member(READER) as actor:
        pack = make_pack(meeting=meeting.pk, by=actor, at=now())
    return reverse("committees:pack_file", args=[pack.pk, "xlsx"])


def happens(signed: Signed) -> None:
    """Two people are sent, one of them is helped, and the CCAS counts three."""
    case = accepted(signed)
    noting(case, all_done(case), closing=True)
    send_referral(signed)


def test_nothing_that_happens_to_people_changes_what_it_reads(signed: Signed, as_: Signs) -> None:
    meeting, client = met(signed), as_(BARRED)
    before, file_before = read(client, signed, meeting), packed(signed, meeting)
    book = words(client.get(file_before).getvalue(), file_before)
    happens(signed)
    after, file_after = read(client, signed, meeting), packed(signed, meeting)
    assert sum(said.startswith("200") for said in before.values()) >= 11
    listed = reverse("committees:meeting", args=[meeting.pk])
    for address, said_before in before.items():
        if address != listed:  # it lists the files that were frozen
            assert after[address] == said_before, address
    assert words(client.get(file_after).getvalue(), file_after) == book


def test_whoever_sends_them_reads_it(signed: Signed, as_: Signs) -> None:
    """The control: the same pages, read by a party of the cases, change."""
    meeting, client = met(signed), as_(REFERENT)
    before = read(client, signed, meeting)
    happens(signed)
    after = read(client, signed, meeting)
    changed = {address for address in before if after[address] != before[address]}
    assert reverse("indicators:bilan", args=[signed.id, YEAR]) in changed
    assert reverse("indicators:bilan_export", args=[signed.id, YEAR, "csv"]) in changed


@pytest.fixture
def files(db: None) -> WithFiles:
    """The hospital's convention, whose text asks for numbers; the CARSAT signs it and opens no case."""
    return sign()


def answered(files: WithFiles, number: int, by: str = PASS, revision: int = 0) -> None:
    with member(by) as actor:
        given = Given(("dossiers_transmis", ""), Said(number=Decimal(number)), revision)
        convention = Convention.objects.get(pk=files.id)
        sheets.answer(convention=convention, year=Year(YEAR), given=[given], by=actor, at=now())


def test_what_counts_a_few_people_is_not_read_either_when_a_party_says_it(
    files: WithFiles, as_: Signs
) -> None:
    client, address = as_(BARRED), reverse("indicators:bilan", args=[files.id, YEAR])
    before = words(client.get(address).content, address)
    assert "non communiqué" in before
    answered(files, 7)
    assert words(client.get(address).content, address) == before
    assert "7 dossiers" in plain(as_(PASS).get(address))
    with member(BARRED):
        assert not YearAnswer.objects.exists()
    with pytest.raises(Refused, match="ne lit pas ce nombre"):
        answered(files, 8, by=BARRED)
    answered(files, 12, revision=1)
    assert "12 dossiers" in plain(client.get(address))


def test_what_it_says_itself_it_reads(files: WithFiles, as_: Signs) -> None:
    answered(files, 3, by=BARRED)
    assert "3 dossiers" in plain(as_(BARRED).get(reverse("indicators:bilan", args=[files.id, YEAR])))


@pytest.mark.parametrize(("given", "told"), [(3, None), (10, None), (11, 11)])
def test_guides_are_told_to_all_from_eleven_on_once_the_year_is_over(
    fresh_database: object, given: int, told: int | None
) -> None:
    signed = sign_convention()
    with connections["owner"].cursor() as cursor:
        cursor.execute("ALTER TABLE referrals_advice DISABLE TRIGGER USER")
        for year in (YEAR - 1, YEAR):
            cursor.execute(
                "INSERT INTO referrals_advice (id, organisation_id, convention_id, route, given_at, given_by)"
                " SELECT gen_random_uuid(), %s, %s, 'flows.aide_domicile', make_date(%s, 3, 1), gen_random_uuid()"
                " FROM generate_series(1, %s)",
                [organisation("CPAM 42").id, signed.id, year, given],
            )
    found = {}
    for address in (BARRED, READER):
        with member(address):
            by_year = amounts_by_year(signed.id, [Year(YEAR - 1), Year(YEAR)])
            found[address] = [amounts.get(GUIDES) for amounts in by_year.values()]
    assert found == {BARRED: [told, None], READER: [given, given]}
    with member(BARRED), connection.cursor() as cursor:
        cursor.execute(
            "SELECT amount FROM indicators_of(%s, %s, %s) WHERE measure = %s",
            [signed.id, date(YEAR - 1, 1, 1), date(YEAR, 3, 2), GUIDES],
        )
        assert cursor.fetchall() == []  # over days of one's own choice, nothing


def test_one_rule_says_who_reads_exactly(files: WithFiles) -> None:
    for address, exactly in ((PASS, True), (READER, True), (BARRED, False), (STRANGER, False)):
        with member(address):
            assert reads_exactly(files.id) is exactly, address
            assert all_read_exactly(files.id) is False  # the CARSAT reads the file too
