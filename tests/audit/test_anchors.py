"""Anchors: signed files that name each other, written whole, and what is wrong with one that was touched."""

import base64
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from maillage.audit.anchors import (
    Anchor,
    AnchorFault,
    End,
    file_name,
    parsed,
    public_key,
    read_anchors,
    signing_key,
    write_once,
    written,
)
from maillage.audit.pruning import past_retention

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def anchors(tmp_path: Path, count: int = 3) -> list[Path]:
    """So many anchors, one a day, in the directory of the settings."""
    key, previous, paths = signing_key(tmp_path / "key"), b"", []
    for number in range(1, count + 1):
        end = End(UUID(int=number), 7, number * 10, bytes([number]) * 32)
        data = written(Anchor(number, AT + timedelta(days=number), 365, previous, (end,)), key)
        path = Path(settings.ANCHORS) / file_name(number)
        write_once(path, data)
        previous = parsed(data, name=path.name).digest
        paths.append(path)
    return paths


ENDS = st.builds(
    End, st.uuids(), st.integers(0, 63), st.integers(1, 2**60), st.binary(min_size=32, max_size=32)
)
ANCHORS = st.builds(
    Anchor,
    st.integers(1, 10**6),
    st.datetimes(max_value=datetime(9900, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001 - made aware by `timezones`
    st.integers(180, 3650),
    st.binary(max_size=32),
    st.lists(ENDS, max_size=5).map(tuple),
)


@given(ANCHORS)
def test_what_was_written_is_read(tmp_path_factory: pytest.TempPathFactory, anchor: Anchor) -> None:
    key = signing_key(tmp_path_factory.getbasetemp() / "key")
    found = parsed(written(anchor, key), name="x", trusted=public_key(key))
    assert replace(found, digest=b"") == anchor


def edited(path: Path, name: str, value: object) -> None:
    content = json.loads(path.read_bytes())
    content[name] = value
    path.write_bytes(json.dumps(content, sort_keys=True, separators=(",", ":")).encode() + b"\n")


def written_otherwise(path: Path) -> str:
    """The same bytes in base64, but for bits of the last letter that nobody reads."""
    said = str(json.loads(path.read_bytes())["signature"])
    other = said[:-3] + chr(ord(said[-3]) + 1) + "=="
    assert base64.b64decode(other, validate=True) == base64.b64decode(said)
    return other


TOUCHED: dict[str, tuple[Callable[[list[Path]], object], str]] = {
    "a digest": (lambda p: edited(p[1], "ends", [[str(UUID(int=2)), 7, 20, "00" * 32]]), "signature"),
    "an instant": (lambda p: edited(p[1], "at", "2020-01-01T00:00:00+00:00"), "signature"),
    "a retention": (lambda p: edited(p[1], "retention_days", 180), "signature"),
    "a signature": (lambda p: edited(p[1], "signature", "AAAA"), "signature"),
    "a signature written otherwise": (
        lambda p: edited(p[1], "signature", written_otherwise(p[1])),
        "modifiée",
    ),
    "a key": (lambda p: edited(p[1], "key", "A" * 43 + "="), "autre clé"),
    "a space": (lambda p: p[1].write_bytes(p[1].read_bytes().replace(b",", b", ")), "modifiée"),
    "half of it": (lambda p: p[1].write_bytes(p[1].read_bytes()[:100]), "modifiée"),
    "nothing in it": (lambda p: p[1].write_bytes(b""), "modifiée"),
    "a number without end": (lambda p: edited(p[1], "number", float("inf")), "modifiée"),
    "a retention past the last year": (lambda p: edited(p[1], "retention_days", 10**9), "modifiée"),
    "brackets by the thousand": (lambda p: p[1].write_bytes(b"[" * 100_000), "modifiée"),
    "a list in it": (lambda p: p[1].write_bytes(b"[]"), "modifiée"),
    "the first is gone": (lambda p: p[0].unlink(), "Il manque"),
    "one in the middle is gone": (lambda p: p[1].unlink(), "Il manque"),
    "one takes the place of another": (lambda p: p[1].write_bytes(p[0].read_bytes()), "Il manque"),
}


@pytest.mark.security
@pytest.mark.parametrize("name", TOUCHED)
def test_an_anchor_that_was_touched_is_named(tmp_path: Path, name: str) -> None:
    paths = anchors(tmp_path)
    trusted = public_key(signing_key(tmp_path / "key"))
    assert len(list(read_anchors(Path(settings.ANCHORS), trusted=trusted))) == 3
    touch, words = TOUCHED[name]
    touch(paths)
    with pytest.raises(AnchorFault, match=words):
        list(read_anchors(Path(settings.ANCHORS), trusted=trusted))


@pytest.mark.security
def test_a_forger_with_a_key_of_her_own_is_seen_by_whoever_holds_the_public_one(tmp_path: Path) -> None:
    anchors(tmp_path / "hers")
    trusted = public_key(signing_key(tmp_path / "key"))
    assert len(list(read_anchors(Path(settings.ANCHORS)))) == 3
    with pytest.raises(AnchorFault, match="autre clé"):
        list(read_anchors(Path(settings.ANCHORS), trusted=trusted))


@pytest.mark.security
def test_an_anchor_signed_again_no_longer_suits_the_next(tmp_path: Path) -> None:
    key, paths = signing_key(tmp_path / "key"), anchors(tmp_path)
    second = parsed(paths[1].read_bytes(), name="2")
    forged = Anchor(2, second.at, 365, second.previous, (End(UUID(int=2), 7, 20, b"f" * 32),))
    paths[1].write_bytes(written(forged, key))
    with pytest.raises(AnchorFault, match="ne suit pas"):
        list(read_anchors(Path(settings.ANCHORS), trusted=public_key(key)))


def test_the_key_is_made_once_and_closed(tmp_path: Path) -> None:
    key = signing_key(tmp_path / "there" / "key")
    assert public_key(signing_key(tmp_path / "there" / "key")) == public_key(key)
    assert (tmp_path / "there" / "key").stat().st_mode & 0o777 == 0o600
    (tmp_path / "there" / "key").write_text("something else")
    with pytest.raises(AnchorFault, match="clé"):
        signing_key(tmp_path / "there" / "key")


def test_an_anchor_never_replaces_another(tmp_path: Path) -> None:
    write_once(tmp_path / "one", b"first")
    with pytest.raises(FileExistsError):
        write_once(tmp_path / "one", b"second")
    assert (tmp_path / "one").read_bytes() == b"first"
    assert [path.name for path in tmp_path.iterdir()] == ["one"]


def test_a_segment_leaves_when_all_before_it_may(tmp_path: Path) -> None:
    def anchor(number: int, days: int) -> Anchor:
        return Anchor(number, AT + timedelta(days=number), days, b"", ())

    told = [anchor(1, 365), anchor(2, 400), anchor(3, 180)]
    for after, last in ((0, 0), (365, 0), (366, 1), (401, 1), (402, 3)):
        assert past_retention(told, AT + timedelta(days=after)) == last, after
    assert past_retention([], AT) == 0
