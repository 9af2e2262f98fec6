"""Who may open the pages of the library of supports, written by hand as the others of `expectations`."""

from tests.security.worlds import READ, WRITE

PAGES: dict[str, tuple[str, str]] = {
    "supports:list": (READ, "GET"),
    "supports:new": (WRITE, "GET POST"),
    "supports:stocks": (READ, "GET"),
    "supports:preview": (WRITE, "GET"),
    "supports:publish": (WRITE, "GET POST"),
    "supports:prolong": (WRITE, "GET POST"),
    "supports:withdraw": (WRITE, "GET POST"),
    "supports:discard": (WRITE, "POST"),
    "supports:support": (READ, "GET"),
    "supports:open": (READ, "GET"),
    "supports:poster": (READ, "GET"),
    "supports:change": (WRITE, "GET POST"),
    "supports:version_new": (WRITE, "GET POST"),
    "supports:counts": (WRITE, "GET"),
    "supports:stock": (WRITE, "GET POST"),
    "supports:threshold": (WRITE, "POST"),
    "support_code": ("anybody", "GET"),
}
OBJECTS = ("support", "version")
# Everybody reads a support that was published and keeps a stock of it; its owner alone changes it and reads its counts.
HOLDER_ONLY = {"supports:change", "supports:version_new", "supports:counts"}
VALUES = {"code": "2345678abc"}  # nobody's: a real one is tried in tests/web/supports
MADE = {
    "supports:new": "support",
    "supports:version_new": "version",
    "supports:stock": "movement",
}
