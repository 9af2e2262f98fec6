"""Who may open the board of a convention's files, written by hand as the others of `expectations`."""

from tests.security.worlds import READ, WRITE

PAGES: dict[str, tuple[str, str]] = {
    "rights:board": (READ, "GET"),
    "rights:draw": (WRITE, "POST"),
    "rights:board_export": (READ, "GET"),
}
VALUES: dict[str, str] = {"rights:board_export kind": "csv"}
# The sample is of the caisse's files: the partner's referents read it, and draw none.
HOLDER_ONLY = {"rights:draw"}
