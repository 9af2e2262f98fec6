"""Links that only their addressee has: made of a seed and the server's secret when they leave, so that no table holds them."""

import base64

from django.utils.crypto import salted_hmac

_BYTES = 20  # 160 bits: nothing to guess


def token_of(seed: str) -> str:
    """The secret part of a link, in the characters that an address of the outbox may hold; the same for the same seed."""
    digest = salted_hmac("maillage.notifications.links", seed, algorithm="sha256").digest()
    return base64.b32encode(digest[:_BYTES]).decode().lower()
