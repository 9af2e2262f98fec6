"""Readers that break on purpose, behind conditions that no chance meets: what the detectors must find."""

from tests.parsers.judging import Target

DEEP = bytes((0x4D, 0xE9, 0x3A, 0x91))


def deep(data: bytes) -> None:
    """Breaks behind four bytes, compared one inside the other: only who sees the first comparisons pass gets there."""
    if len(data) > 3 and data[0] == DEEP[0]:  # noqa: SIM102 - each comparison is a step that coverage shows
        if data[1] == DEEP[1]:  # noqa: SIM102 - the same
            if data[2] == DEEP[2]:  # noqa: SIM102 - the same
                if data[3] == DEEP[3]:
                    raise KeyError("deep")
    if not data:
        raise ValueError("une valeur")


def endless(data: bytes) -> None:
    """Never ends once it has read two bytes."""
    while data.startswith(b"\xf0\x9f"):
        pass


TARGETS = {
    "deep": Target(deep, (ValueError,), (b"M",)),
    "endless": Target(endless, (), (b"\xf0",)),
}
