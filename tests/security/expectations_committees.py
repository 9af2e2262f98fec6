"""Who may open the pages of a convention's committees, written by hand as the others of `expectations`."""

from tests.security.worlds import READ, WRITE

PAGES: dict[str, tuple[str, str]] = {
    "committees:list": (READ, "GET"),
    "committees:plan": (WRITE, "GET POST"),
    "committees:remark": (WRITE, "GET POST"),
    "committees:remark_withdraw": (WRITE, "POST"),
    "committees:local_actions": (READ, "GET"),
    "committees:local_action_new": (WRITE, "GET POST"),
    "committees:local_action": (WRITE, "GET POST"),
    "committees:proposal_new": (WRITE, "GET POST"),
    "committees:proposal_take_back": (WRITE, "POST"),
    "committees:national": (WRITE, "GET"),
    "committees:meeting": (READ, "GET"),
    "committees:convene": (WRITE, "GET POST"),
    "committees:convocation": (READ, "GET"),
    "committees:cancel": (WRITE, "GET POST"),
    "committees:item": (WRITE, "GET POST"),
    "committees:hold": (WRITE, "GET POST"),
    "committees:minutes": (WRITE, "GET POST"),
    "committees:validate": (WRITE, "POST"),
    "committees:decide": (WRITE, "GET POST"),
    "committees:decision": (WRITE, "GET POST"),
    "committees:pack": (WRITE, "POST"),
    "committees:pack_file": (READ, "GET"),
}
OBJECTS = ("meeting", "remark", "decision", "pack", "local_action")
# Whoever holds a national text reads what is proposed to it.
HOLDER_ONLY = {"committees:national"}
VALUES = {
    "committees:local_action step": "analyse",
    "committees:decision verb": "abandon",
    "committees:pack_file kind": "pdf",
}
MADE = {
    "committees:plan": "meeting",
    "committees:remark": "remark",
    "committees:item": "remark",
    "committees:decide": "decision",
    "committees:local_action_new": "local_action",
}
