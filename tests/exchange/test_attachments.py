"""Files beside messages: known by their content, bounded, read by both sides of the case through it, by nobody else."""

from collections.abc import Callable, Iterator
from uuid import UUID

import pytest
from django.core.files.base import ContentFile
from django.db import DatabaseError, transaction

from maillage.core.clock import now
from maillage.core.identifiers import uuid7
from maillage.core.refusals import Refused
from maillage.documents.actions import Upload, open_document, store_upload
from maillage.documents.models import Document
from maillage.exchange import actions
from maillage.exchange.models import Attachment, Message
from maillage.exchange.queries import document_of
from maillage.exchange.rules import LARGEST_FILE
from maillage.referrals.queries import file_of
from tests.documents.builders import pdf
from tests.exchange.test_messages import wrote
from tests.referrals.world import (
    ADVISER,
    STRANGER,
    WORKER,
    Signed,
    followed_by,
    member,
    organisation,
    send_referral,
    stop,
)
from tests.tiers import spread

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}" + rb"$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def given(content: bytes | None = None, name: str = "Attestation Quintessence.pdf") -> Upload:
    return ContentFile(pdf() if content is None else content, name=name)


class Announced:
    """A file that says how large it is, and gives as much as one asks."""

    name = "scan.pdf"

    def __init__(self, size: int, real: int) -> None:
        self.size, self.real = size, real

    def chunks(self) -> Iterator[bytes]:
        assert self.size <= LARGEST_FILE, "what is announced too large is not read"
        sent = 0
        while sent < self.real:
            assert sent <= LARGEST_FILE + 1_000_000, "read on past the bound"
            sent += 1_000_000
            yield bytes(1_000_000)


@pytest.fixture
def case(signed: Signed) -> UUID:
    return followed_by(send_referral(signed), ADVISER)


def test_both_sides_read_the_file_beside_the_text_and_a_stranger_finds_nothing(case: UUID) -> None:
    wrote(case, WORKER, "Voici.", file=given())
    for someone in (WORKER, ADVISER):
        with member(someone) as reader:
            (said,) = file_of(reader, case).thread.said
            assert said.file is not None
            assert said.attachment is not None
            attached = said.attachment
            assert (said.text, said.file.name, said.file.type_label) == (
                "Voici.",
                "Attestation Quintessence.pdf",
                "PDF",
            )
            assert b"".join(open_document(document_of(reader, case, attached), by=reader)) == pdf()
    with member(STRANGER) as stranger, pytest.raises(Attachment.DoesNotExist):
        document_of(stranger, case, attached)


def test_a_file_says_everything_by_itself_and_nothing_at_all_is_refused(case: UUID) -> None:
    wrote(case, ADVISER, "", file=given())
    with pytest.raises(Refused) as error:
        wrote(case, ADVISER, "")
    assert error.value.field == "text"


WRONG: dict[str, tuple[Callable[[], object], str]] = {
    "an SVG called .pdf": (lambda: given(SVG, "plan.pdf"), "image SVG"),
    "the test string of antiviruses": (lambda: given(EICAR, "eicar.pdf"), "EICAR"),
    "the same inside a PDF": (lambda: given(pdf(b"(" + EICAR + b")")), "EICAR"),
    "an empty file": (lambda: given(b""), "vide"),
    "200 MB, announced": (lambda: Announced(200_000_000, 200_000_000), "dépasse 10 Mo"),
    "200 MB, streamed under a small size": (lambda: Announced(1_000, 200_000_000), "dépasse 10 Mo"),
}


@pytest.mark.parametrize("what", spread(WRONG, 3))
def test_what_is_no_whole_small_document_is_refused_at_its_field_with_its_reason(
    case: UUID, what: str
) -> None:
    file, said = WRONG[what]
    with pytest.raises(Refused, match=said) as error, transaction.atomic():
        wrote(case, WORKER, file=file())  # type: ignore[arg-type]  # each has what an upload has
    assert error.value.field == "file"
    with member(WORKER):
        assert not Message.objects.exists()


def test_a_case_takes_twenty_files_at_most(case: UUID, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "MOST_FILES", 1)
    wrote(case, WORKER, file=given())
    with pytest.raises(Refused, match="déjà 1 pièces") as error:
        wrote(case, ADVISER, file=given())
    assert error.value.field == "file"


def test_no_file_comes_after_the_end_of_the_case(case: UUID) -> None:
    message = wrote(case, WORKER)
    stop(case, "withdraw", "person_refuses")
    with pytest.raises(Refused, match="terminé"):
        wrote(case, WORKER, file=given())
    with pytest.raises(DatabaseError, match="takes no more files"):
        forged(case, message)


def forged(case: UUID, message: UUID, *, by: str = WORKER, readers: tuple[str, ...] = ("CPAM 42",)) -> None:
    """A file joined without the action."""
    with transaction.atomic(), member(by) as someone:
        document = store_upload(
            file=given(), organisation=someone.organisation, readers=[organisation(name).id for name in readers], by=someone,
            at=now(),
        )  # fmt: skip
        Attachment.objects.create(case_id=case, message_id=message, document=document)


def test_the_database_joins_one_s_own_document_to_one_s_own_message_of_the_case(
    signed: Signed, case: UUID
) -> None:
    message, elsewhere = wrote(case, WORKER), wrote(send_referral(signed), WORKER)
    for of_message, by, readers in (
        (message, ADVISER, ("CCAS",)),
        (message, WORKER, ()),
        (elsewhere, WORKER, ("CPAM 42",)),
        (uuid7(), WORKER, ("CPAM 42",)),
    ):
        with pytest.raises(DatabaseError, match="not a document of this message"):
            forged(case, of_message, by=by, readers=readers)
    forged(case, message)
    with member(WORKER), pytest.raises(DatabaseError, match="unique"), transaction.atomic():
        Attachment.objects.create(case_id=case, message_id=message, document=Document.objects.all()[0])
