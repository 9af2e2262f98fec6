"""Codes of an application, recovery codes, how long a session and a proof last. Pure: no clock, no Django."""

import base64
import hmac
import secrets
import struct
from dataclasses import dataclass
from hashlib import sha1
from typing import Final

STEP_SECONDS: Final = 30  # RFC 6238, as every application does it
DIGITS: Final = 6
TOLERANCE: Final = 1  # steps before and after: clocks of telephones differ by half a minute
SECRET_BYTES: Final = 20  # RFC 4226, section 4: 160 bits recommended
RECOVERY_CODES: Final = 10
RECOVERY_LENGTH: Final = (
    10  # characters of 5 bits: 50 bits, out of reach of five tries in a quarter of an hour
)
_ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford: no I, L, O, U, which a hand confuses
_CONFUSED: Final = str.maketrans("ILO", "110")


def new_secret() -> str:
    """A random secret in base 32, as applications read it."""
    return base64.b32encode(secrets.token_bytes(SECRET_BYTES)).decode()


def code_at(secret: str, step: int) -> str:
    """The code of one step of 30 s since 1970 (RFC 6238 over RFC 4226, HMAC-SHA-1, 6 digits)."""
    digest = hmac.new(base64.b32decode(secret), struct.pack(">Q", step), sha1).digest()
    offset = digest[-1] & 0x0F
    (number,) = struct.unpack(">I", digest[offset : offset + 4])
    return str((number & 0x7FFFFFFF) % 10**DIGITS).zfill(DIGITS)


def step_of(secret: str, code: str, *, at: float, after: int) -> int | None:
    """The step to which a code belongs, `at` seconds since 1970; None when it is wrong or not later than step `after`.

    A code once accepted is refused for ever, and those before it too (RFC 6238, section 5.2).
    """
    now = int(at) // STEP_SECONDS
    found = None
    for step in range(now - TOLERANCE, now + TOLERANCE + 1):
        if hmac.compare_digest(code_at(secret, step).encode(), code.encode()) and step > after:
            found = step
    return found


def typed_code(text: str) -> str:
    """What was typed, without the spaces and hyphens that people put between groups, in capitals."""
    return "".join(text.split()).replace("-", "").upper()


def is_application_code(code: str) -> bool:
    """Whether it has the shape of an application's code; else it may be a recovery code."""
    return len(code) == DIGITS and code.isascii() and code.isdigit()


def new_recovery_code() -> str:
    """A random code to write down."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(RECOVERY_LENGTH))


def shown(code: str) -> str:
    """A recovery code in two groups, as it is printed."""
    return f"{code[: RECOVERY_LENGTH // 2]}-{code[RECOVERY_LENGTH // 2 :]}"


def recovery_code(code: str) -> str:
    """A typed code with the letters that a hand confuses put right."""
    return code.translate(_CONFUSED)


@dataclass(frozen=True, slots=True)
class Lifetime:
    """How long a session lasts: without a request, and in all (seconds)."""

    idle: int
    absolute: int


def is_over(*, opened: float, seen: float, at: float, lifetime: Lifetime) -> bool:
    """Whether a session has ended by itself; one that claims to come from the future has too."""
    if opened > at + STEP_SECONDS or seen > at + STEP_SECONDS:
        return True
    return at - seen >= lifetime.idle or at - opened >= lifetime.absolute


def is_fresh(*, proved: float | None, at: float, seconds: int) -> bool:
    """Whether someone proved of late that it is still she."""
    return proved is not None and -STEP_SECONDS <= at - proved < seconds
