"""The pieces of a file being prepared: which ones it takes, with which days, and to whom they open."""

from datetime import timedelta
from uuid import UUID

import pytest

from maillage.core.clock import now
from maillage.core.identifiers import uuid7
from maillage.core.refusals import Refused
from maillage.rights.declared.rights import PROOF, rights
from maillage.rights.models import PreparedPiece
from maillage.rights.preparing import add_piece, open_preparation, piece_of
from tests.days import today
from tests.referrals.world import WORKER, member
from tests.rights.world import PASS, STRANGER, Signed, prepare, scan


def refusal(made: UUID, key: str, **said: object) -> tuple[str | None, str]:
    """The field and the words of what is refused."""
    with member(PASS) as worker, pytest.raises(Refused) as refused:
        add_piece(preparation=made, scanned=scan(key, **said), by=worker, at=now())
    return refused.value.field, refused.value.message


def test_a_piece_of_tomorrow_is_refused_and_one_of_today_is_not(signed: Signed) -> None:
    made = prepare(signed)
    field, message = refusal(made, "photos", dated_on=today() + timedelta(days=1))
    assert field == "dated_on"
    assert "dans l’avenir" in message
    with member(PASS) as worker:
        assert add_piece(preparation=made, scanned=scan("photos", dated_on=today()), by=worker, at=now())


def test_the_proof_of_urgency_is_a_piece_of_urgent_files_alone(signed: Signed) -> None:
    assert refusal(prepare(signed), PROOF.key)[0] == "key"
    urgent = prepare(signed, urgent=True, proof="prescription")
    with member(PASS) as worker:
        add_piece(preparation=urgent, scanned=scan(PROOF.key), by=worker, at=now())
        assert PROOF.key in open_preparation(worker, urgent).there
    assert rights()["ame"].piece(PROOF.key) is PROOF


def test_a_piece_opens_to_who_prepares_the_file_alone(signed: Signed) -> None:
    made, other = prepare(signed), prepare(signed)
    with member(PASS) as worker:
        (piece, *_) = open_preparation(worker, made).pieces
        assert piece_of(worker, made, piece.id).document == piece.document
        for preparation, wanted in ((other, piece.id), (made, uuid7())):
            with pytest.raises(PreparedPiece.DoesNotExist):
                piece_of(worker, preparation, wanted)
    for address in (STRANGER, WORKER):
        with member(address) as someone, pytest.raises(PreparedPiece.DoesNotExist):
            piece_of(someone, made, piece.id)
