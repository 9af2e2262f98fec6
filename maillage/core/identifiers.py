"""Identifiers: time-ordered UUIDs made here (PostgreSQL 15 has no uuidv7), SIRET, SIREN and NIR keys."""

import os
import time
from hashlib import sha256
from uuid import UUID

from stdnum.fr import nir, siren, siret


def uuid7() -> UUID:
    """A random, time-ordered UUID (RFC 9562, version 7): 48 bits of milliseconds, 74 random bits.

    Ordered ids keep B-tree inserts at the right edge; the random part keeps them unguessable.
    """
    milliseconds = time.time_ns() // 1_000_000
    randomness = int.from_bytes(os.urandom(10), "big")
    value = (milliseconds & (2**48 - 1)) << 80
    value |= 0x7 << 76 | (randomness >> 68 & 0xFFF) << 64
    value |= 0b10 << 62 | randomness & (2**62 - 1)
    return UUID(int=value)


def bound_id(token: UUID, *, organisation: UUID, author: UUID) -> UUID:
    """The id of the row that a form shown with this token makes, the same however often the form is sent.

    Bound to its author: a token read elsewhere leads to another id, so it tells nothing of anybody else's rows.
    The time that orders ids stays in front (RFC 9562, version 7).
    """
    digest = sha256(token.bytes + organisation.bytes + author.bytes).digest()
    value = int.from_bytes(token.bytes[:6] + digest[:10], "big")
    value = value & ~(0xF << 76) | 0x7 << 76
    return UUID(int=value & ~(0x3 << 62) | 0x2 << 62)


def is_siret(text: str) -> bool:
    """Whether the text is a SIRET with a right key (Luhn, with La Poste's exception), spaces allowed."""
    return bool(siret.is_valid(text))


def is_siren(text: str) -> bool:
    """Whether the text is a SIREN with a right key, spaces allowed."""
    return bool(siren.is_valid(text))


def compact_number(text: str) -> str:
    """An official number without its spaces, dots and dashes."""
    return "".join(character for character in text.upper() if character.isalnum())


def is_nir(text: str) -> bool:
    """Whether the text is a NIR of 13 characters and its key of 2 (Corsica's 2A and 2B included)."""
    return bool(nir.is_valid(text))
