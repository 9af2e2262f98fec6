"""Who may open the pages of files being prepared, written by hand as the others of `expectations`."""

from tests.security.worlds import SEND

PAGES: dict[str, tuple[str, str]] = {
    "preparations:list": (SEND, "GET"),
    "preparations:new": (SEND, "GET POST"),
    "preparations:step": (SEND, "GET POST"),
    "preparations:send": (SEND, "POST"),
    "preparations:discard": (SEND, "POST"),
    "preparations:paper": (SEND, "GET"),
    "preparations:piece": (SEND, "GET"),
    "preparations:remove_piece": (SEND, "GET POST"),
}
MADE = {"preparations:new": "preparation", "preparations:step": "prepared"}
