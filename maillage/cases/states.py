"""The states that a participation copies from its case, whatever the kind of the case: the only ones that pages can read."""

from typing import Final

STATES: Final = (
    "sent", "acknowledged", "accepted", "paused", "closed", "refused", "withdrawn", "cancelled", "redirected", "expired",
    "booked", "held", "missed",
    "received", "incomplete", "complete", "granted",
)  # fmt: skip
