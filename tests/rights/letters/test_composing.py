"""Which letters an application allows as it stands, to whom, and that printing one is journalled."""

import pytest

from maillage.audit.models import Entry
from maillage.core.clock import now
from maillage.core.refusals import Refused
from maillage.documents.composition import Letter
from maillage.rights.letters.composing import Kind, allowed, compose
from maillage.rights.queries import file_of
from tests.days import today
from tests.referrals.world import member
from tests.rights.letters.test_writing import words
from tests.rights.test_examining import RIGHT, ask
from tests.rights.world import ADVISER, PASS, Signed, act, receive, send


def letters(case: object, address: str = ADVISER) -> list[Kind]:
    with member(address) as someone:
        return allowed(file_of(someone, case))  # type: ignore[arg-type]  # a case's id


def written(case: object, kind: Kind) -> Letter:
    with member(ADVISER) as adviser:
        return compose(file_of(adviser, case), kind, by=adviser, at=now())  # type: ignore[arg-type]  # a case's id


def test_each_step_opens_its_letter(signed: Signed) -> None:
    case = send(signed)
    assert letters(case, PASS) == []
    receive(case, is_complete=False)
    assert letters(case) == [Kind.ACKNOWLEDGEMENT]
    ask(case, "identity", granted_days=15, words="Avec la photo.")
    assert letters(case) == [Kind.ACKNOWLEDGEMENT, Kind.PIECES]
    assert "Avec la photo." in words(written(case, Kind.PIECES))
    assert "il nous manque" in words(written(case, Kind.ACKNOWLEDGEMENT))
    act("answer", case, PASS, on=today())
    act("complete", case, on=today())
    assert letters(case) == [Kind.ACKNOWLEDGEMENT]
    with pytest.raises(Refused):
        written(case, Kind.DECISION)
    act("grant", case, opened=RIGHT, on=today(), words="Votre carte vous attend.")
    said = written(case, Kind.DECISION)
    assert "Votre carte vous attend." in words(said)
    assert said.addressee == ("PALISSANDRE Eudoxie",)


def test_a_refusal_is_written_with_its_way_of_appeal(signed: Signed) -> None:
    case = send(signed, "puma")
    receive(case, is_complete=False)
    act("refuse", case, reason="residence", on=today(), words="")
    assert "commission de recours amiable" in words(written(case, Kind.DECISION))


def test_printing_is_journalled_with_what_was_printed(signed: Signed) -> None:
    case = send(signed)
    receive(case)
    written(case, Kind.ACKNOWLEDGEMENT)
    with member(ADVISER):
        rows = Entry.objects.filter(verb="print", object_ref=str(case))
        assert list(rows.values_list("reason", flat=True)) == ["Accusé de réception"]
