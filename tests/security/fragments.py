"""Which addresses the small tier asks for fragments, as htmx does; `make proof ONLY=S1` asks all of them."""

from zlib import crc32

HTMX = {"directory:communes"}  # pages that answer htmx by themselves


def drawn(address: str) -> str:
    """An address whose fragments the sample asks for, one in four of them, always the same; the others pass for one address.

    Middleware and `page` answer htmx in the place of all pages but those of `HTMX`, which are drawn too.
    """
    return address if address in HTMX or not crc32(address.encode()) % 4 else ""
