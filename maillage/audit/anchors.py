"""Anchors: signed files outside the database that say where each lane of the journal ended, each naming the one before.

Whoever has the server may rewrite a whole chain with its recorded end; not the anchors that were copied elsewhere. An
anchor names lanes, numbers and digests, never what an entry says. Signatures are Ed25519 (RFC 8032).
"""

import base64
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

FORMAT: Final = "maillage-anchor-1"


class AnchorFault(Exception):
    """A file of the directory of anchors is missing, altered or signed by another key. The message is French."""


@dataclass(frozen=True, slots=True)
class End:
    """Where a lane ended when it was sealed."""

    chain: UUID
    lane: int
    number: int
    digest: bytes


@dataclass(frozen=True, slots=True)
class Anchor:
    """One anchor: the lanes that had moved since the one before it, whose file's digest it names."""

    number: int
    at: datetime
    retention_days: int
    previous: bytes
    ends: tuple[End, ...]
    digest: bytes = b""  # of its own file

    @property
    def prunable_at(self) -> datetime:
        """From when its segment may be removed: the retention written in it, which no later setting shortens."""
        return self.at + timedelta(days=self.retention_days)


def file_name(number: int) -> str:
    """« ancre-00000012.json »: in the order of their names, the anchors are in their own."""
    return f"ancre-{number:08}.json"


def signing_key(path: Path) -> Ed25519PrivateKey:
    """The key that signs anchors, made and kept at `path` (32 bytes in base64, mode 0600) if there is none.

    Raises AnchorFault when the file holds something else, OSError when it cannot be written.
    """
    with suppress(FileExistsError):
        if not path.exists():
            write_once(path, base64.b64encode(Ed25519PrivateKey.generate().private_bytes_raw()), mode=0o600)
    try:
        return Ed25519PrivateKey.from_private_bytes(base64.b64decode(path.read_bytes(), validate=True))
    except ValueError as error:
        raise AnchorFault(f"{path} ne contient pas une clé de signature.") from error


def public_key(key: Ed25519PrivateKey) -> str:
    """The public half, as it is printed and given to whoever verifies."""
    return base64.b64encode(key.public_key().public_bytes_raw()).decode()


def written(anchor: Anchor, key: Ed25519PrivateKey) -> bytes:
    """The bytes of an anchor's file, signed."""
    content: dict[str, Any] = {
        "format": FORMAT,
        "number": anchor.number,
        "at": anchor.at.isoformat(),
        "retention_days": anchor.retention_days,
        "previous": anchor.previous.hex(),
        "ends": [[str(end.chain), end.lane, end.number, end.digest.hex()] for end in anchor.ends],
        "key": public_key(key),
    }
    content["signature"] = base64.b64encode(key.sign(_canonical(content))).decode()
    return _canonical(content)


def _canonical(content: Mapping[str, Any]) -> bytes:
    return json.dumps(content, sort_keys=True, separators=(",", ":")).encode() + b"\n"


def parsed(data: bytes, *, name: str, trusted: str = "") -> Anchor:
    """The anchor in these bytes. Raises AnchorFault unless it is signed, by `trusted` (a public key) when it is given."""
    try:
        content = json.loads(data)
        signature = base64.b64decode(content["signature"], validate=True)
        signed = {key: value for key, value in content.items() if key != "signature"}
        known = Ed25519PublicKey.from_public_bytes(base64.b64decode(trusted or content["key"], validate=True))
        anchor = Anchor(
            int(content["number"]),
            datetime.fromisoformat(content["at"]),
            int(content["retention_days"]),
            bytes.fromhex(content["previous"]),
            tuple(End(UUID(c), int(lane), int(n), bytes.fromhex(d)) for c, lane, n, d in content["ends"]),
            sha256(data).digest(),
        )
        anchor.prunable_at  # noqa: B018 - a retention that ends after the last year is none
        # One way to write it, its signature included: base64 leaves bits of the last letter unread.
        written_so = {**signed, "signature": base64.b64encode(signature).decode()}
        is_canonical, message = _canonical(written_so) == data, _canonical(signed)
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError) as error:
        raise AnchorFault(f"L’ancre {name} n’est pas lisible : elle a été modifiée.") from error
    if trusted and content["key"] != trusted:
        raise AnchorFault(f"L’ancre {name} est signée par une autre clé.")
    if content.get("format") != FORMAT or not is_canonical or anchor.at.tzinfo is None:
        raise AnchorFault(f"L’ancre {name} n’est pas lisible : elle a été modifiée.")
    try:
        known.verify(signature, message)
    except InvalidSignature as error:
        raise AnchorFault(f"La signature de l’ancre {name} ne correspond pas.") from error
    return anchor


def read_anchors(directory: Path, *, trusted: str = "") -> Iterator[Anchor]:
    """Every anchor, in order, each signed and naming the one before. Raises AnchorFault at the first that is not."""
    previous, expected = b"", 1
    for path in sorted(directory.glob("ancre-*.json")) if directory.is_dir() else ():
        anchor = parsed(path.read_bytes(), name=path.name, trusted=trusted)
        if anchor.number != expected or path.name != file_name(expected):
            raise AnchorFault(f"Il manque l’ancre {file_name(expected)}.")
        if anchor.previous != previous:
            raise AnchorFault(
                f"L’ancre {path.name} ne suit pas celle qui la précède : l’une des deux a été remplacée."
            )
        yield anchor
        previous, expected = anchor.digest, expected + 1


def named_key(directory: Path) -> str:
    """The public key that the first anchor names, to be compared with the one that was given; empty without any anchor."""
    path = directory / file_name(1)
    if not path.is_file():
        return ""
    parsed(data := path.read_bytes(), name=path.name)
    return str(json.loads(data)["key"])


def write_once(path: Path, data: bytes, *, mode: int = 0o644) -> None:
    """Write a file that is whole or absent, on the disk when this returns. Raises FileExistsError rather than replace one."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.{os.urandom(4).hex()}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.link(temporary, path)
    finally:
        temporary.unlink()
    directory = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)
