"""A sealed PDF says who sealed it; one byte more, less or other, and the seal does not hold."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from maillage.documents.sealing import SealFault, certificate_of, checked, ensure_seal, seal
from tests.documents.builders import pdf

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
STEP = 61  # every so many bytes in `make test`; each of them in the long tier


@pytest.fixture(scope="module")
def pem(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return ensure_seal(tmp_path_factory.mktemp("seal") / "seal.pem", AT)


@pytest.fixture(scope="module")
def sealed(pem: bytes) -> bytes:
    return seal(pdf(), pem=pem, reason="Essai", attached={"dedans.json": b'{"un": 1}'})


def unseen(content: bytes, certificate: bytes, step: int) -> list[int]:
    """The places where one bit may change without being seen."""
    found = []
    for place in [*range(0, len(content), step), *range(len(content) - 40, len(content))]:
        altered = bytearray(content)
        altered[place] ^= 0x20 if place % 2 else 0x01
        try:
            checked(bytes(altered), certificate=certificate)
        except SealFault:
            continue
        found.append(place)
    return found


def test_what_was_sealed_is_read_again_with_what_is_attached(pem: bytes, sealed: bytes) -> None:
    found = checked(sealed, certificate=certificate_of(pem))
    assert (found.seals, found.attached) == (1, {"dedans.json": b'{"un": 1}'})
    twice = checked(seal(sealed, pem=pem, reason="Contresigné"), certificate=certificate_of(pem))
    assert (twice.seals, twice.attached) == (2, found.attached)


def test_an_altered_byte_is_seen_wherever_it_is(pem: bytes, sealed: bytes) -> None:
    assert unseen(sealed, certificate_of(pem), STEP) == []


@pytest.mark.long
def test_every_byte_that_is_altered_is_seen(pem: bytes, sealed: bytes) -> None:
    """All of them: tests/documents/test_sealing.py::test_an_altered_byte_is_seen_wherever_it_is."""
    assert unseen(sealed, certificate_of(pem), 1) == []


@pytest.mark.parametrize(
    "make", [lambda one: one + b"\n", lambda one: one[:-1], lambda one: one[:0], lambda one: one[:500]]
)
def test_what_is_longer_or_shorter_is_seen(pem: bytes, sealed: bytes, make: object) -> None:
    with pytest.raises(SealFault):
        checked(make(sealed), certificate=certificate_of(pem))  # type: ignore[operator]


def test_a_pdf_without_seal_or_sealed_by_another_is_none(pem: bytes, sealed: bytes, tmp_path: Path) -> None:
    with pytest.raises(SealFault, match="aucun sceau"):
        checked(pdf(), certificate=certificate_of(pem))
    other = ensure_seal(tmp_path / "other.pem", AT)
    with pytest.raises(SealFault, match="cette plateforme"):
        checked(sealed, certificate=certificate_of(other))
    with pytest.raises(SealFault):
        certificate_of(b"rien")


def test_the_seal_is_made_once_and_closed_to_others(tmp_path: Path) -> None:
    path = tmp_path / "secrets" / "seal.pem"
    first = ensure_seal(path, AT)
    assert ensure_seal(path, AT) == first
    assert path.stat().st_mode & 0o777 == 0o600
    assert [one.name for one in path.parent.iterdir()] == ["seal.pem"]
