"""The agenda gathers what is late, decided, asked and written; it lives until the meeting is held, and counts name nobody."""

from datetime import date
from uuid import UUID

import pytest
from django.core.exceptions import PermissionDenied

from maillage.conventions.lifecycle.queries import load
from maillage.core.identifiers import uuid7
from maillage.core.refusals import Refused
from maillage.referrals.thresholds.queries import Beyond, thresholds_of
from maillage.steering.committees import agenda as rules
from maillage.steering.committees.agenda import Point, agenda
from maillage.steering.committees.models import Meeting, Remark
from maillage.steering.committees.remarks import add_item, add_remark, withdraw
from tests.conventions.people import CARSAT, CCAS, CPAM, STRANGER, WORKER, instant, member, seen
from tests.steering.committees.meetings import AFTER, AT, convened, decided, held, planned

pytestmark = pytest.mark.django_db
SOON = date(2025, 10, 20)
"""Within thirty days of the end of the first year of execution."""


def points(convention: UUID, meeting: Meeting, reader: str = CPAM, on: date = SOON) -> dict[str, Point]:
    with member(reader, AT) as actor:
        known = load(seen(actor, convention))
        row = Meeting.objects.get(pk=meeting.pk)
        return {one.key: one for one in agenda(known, row, actor, on=on)}


def test_it_holds_what_presses_what_was_decided_and_the_dates_to_come(signed_s3: UUID) -> None:
    decided(held(signed_s3).pk, text="Tenir deux sessions")
    found = points(signed_s3, planned(signed_s3))
    assert [line.text for line in found["decisions"].lines] == ["Tenir deux sessions"]
    assert "CCAS" in found["decisions"].lines[0].detail
    assert found["commitments"].lines
    assert all("article" in line.detail for line in found["commitments"].lines)
    assert "dates" in found
    assert "thresholds" not in found


def test_a_final_bilan_is_the_first_point(signed_s3: UUID) -> None:
    assert next(iter(points(signed_s3, planned(signed_s3, kind="final")))) == "final"


@pytest.mark.parametrize(
    ("kind", "point"), [("alert", "alerts"), ("practice", "practices"), ("path", "paths")]
)
def test_what_a_party_wrote_is_gathered_until_it_takes_it_back(
    signed_s3: UUID, kind: str, point: str
) -> None:
    row = planned(signed_s3)
    with member(CCAS, AT) as actor:
        said = add_remark(
            convention=seen(actor, signed_s3), remark_id=uuid7(), kind=kind, text="Un accueil manque", by=actor, at=AT
        )  # fmt: skip
    line = points(signed_s3, row, CARSAT)[point].lines[0]
    assert (line.text, line.detail) == ("Un accueil manque", "CCAS")
    with member(CPAM, AT) as actor, pytest.raises(Refused, match="pas de votre organisme"):
        withdraw(remark=said.pk, by=actor, at=AT)
    with member(CCAS, AT) as actor:
        withdraw(remark=said.pk, by=actor, at=AT)
    assert point not in points(signed_s3, row)


def test_each_party_adds_its_points_until_the_meeting_is_held(signed_s3: UUID) -> None:
    row = convened(signed_s3)
    token = uuid7()
    with member(CCAS, AT) as actor:
        item = add_item(meeting=row.pk, remark_id=token, text="Fermeture d’été", by=actor, at=AT)
        assert add_item(meeting=row.pk, remark_id=token, text="Fermeture d’été", by=actor, at=AT) == item
        with pytest.raises(Refused) as refused:
            add_item(meeting=row.pk, remark_id=uuid7(), text="Voir 06 12 34 56 78", by=actor, at=AT)
        assert refused.value.field == "text"
    assert points(signed_s3, row)[f"item-{item.pk}"].title == "Fermeture d’été"
    past = held(signed_s3)
    with member(CCAS, AFTER) as actor, pytest.raises(Refused, match="plus, possible"):
        add_item(meeting=past.pk, remark_id=uuid7(), text="Trop tard", by=actor, at=AFTER)


def test_it_is_frozen_once_the_meeting_is_held(signed_s3: UUID) -> None:
    row = held(signed_s3)
    before = points(signed_s3, row)
    with member(CPAM, AT) as actor:
        add_remark(
            convention=seen(actor, signed_s3), remark_id=uuid7(), kind="alert", text="Après coup", by=actor, at=AT
        )  # fmt: skip
    assert before
    assert points(signed_s3, row) == before
    assert "alerts" not in before
    assert "alerts" in points(signed_s3, planned(signed_s3, planned_on=instant("2026-10-20").date()))


def test_no_word_is_written_by_who_is_no_referent_nor_read_elsewhere(signed_s3: UUID) -> None:
    with member(WORKER, AT) as actor, pytest.raises(PermissionDenied):
        add_remark(
            convention=seen(actor, signed_s3), remark_id=uuid7(), kind="alert", text="Mot", by=actor, at=AT
        )  # fmt: skip
    with member(CPAM, AT) as actor:
        add_remark(
            convention=seen(actor, signed_s3), remark_id=uuid7(), kind="alert", text="Mot", by=actor, at=AT
        )  # fmt: skip
    with member(STRANGER, AT):
        assert not Remark.objects.exists()


def test_small_counts_are_told_in_words_where_a_party_reads_none_of_them_exactly(
    signed_s3: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    def beyond(known: object, _member: object, **day: object) -> list[Beyond]:
        return [Beyond(one, 3) for one in thresholds_of(known, **day)]  # type: ignore[arg-type]

    monkeypatch.setattr(rules, "beyond", beyond)
    row = planned(signed_s3)
    for said, allowed in (("moins de 11", False), ("3, compté par CPAM 42", True)):
        monkeypatch.setattr(rules, "all_read_exactly", lambda *_a, is_exact=allowed: is_exact)
        assert said in points(signed_s3, row)["thresholds"].lines[0].detail
