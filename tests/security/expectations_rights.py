"""Who may open the pages of applications for rights, being prepared or sent, written by hand as the others of `expectations`."""

from tests.security import expectations_board as board
from tests.security import expectations_imports as imports
from tests.security.worlds import SEE, SEND, WORK

PAGES: dict[str, tuple[str, str]] = {
    "preparations:list": (SEND, "GET"),
    "preparations:new": (SEND, "GET POST"),
    "preparations:new_from": (SEND, "GET POST"),
    "preparations:step": (SEND, "GET POST"),
    "preparations:send": (SEND, "POST"),
    "preparations:discard": (SEND, "POST"),
    "preparations:paper": (SEND, "GET"),
    "preparations:piece": (SEND, "GET"),
    "preparations:remove_piece": (SEND, "GET POST"),
    "rights:list": (SEE, "GET"),
    "rights:application": (SEE, "GET"),
    "rights:receive": (WORK, "POST"),
    "rights:complete": (WORK, "POST"),
    "rights:ask": (WORK, "POST"),
    "rights:answer": (SEE, "POST"),
    "rights:add_piece": (SEE, "POST"),
    "rights:piece": (SEE, "GET"),
    "rights:letter": (SEE, "GET"),
    "rights:grant": (WORK, "POST"),
    "rights:refuse": (WORK, "POST"),
    "rights:notify": (WORK, "POST"),
    "rights:withdraw": (SEND, "POST"),
    "rights:cancel": (SEND, "POST"),
    "rights:follow": (SEE, "POST"),
    "rights:unfollow": (SEE, "POST"),
    "rights:hand_over": (SEE, "GET POST"),
    "rights:consult": (SEE, "GET POST"),
    **imports.PAGES,
    **board.PAGES,
}
VALUES = {
    "rights:letter slug": "accuse",
    "preparations:step slug": "pieces",
    **imports.VALUES,
    **board.VALUES,
}
HOLDER_ONLY = board.HOLDER_ONLY
OBJECTS = ("application", "piece", "preparation", "prepared", *imports.OBJECTS)
MADE = {
    "rights:ask": "piece_request",
    "rights:add_piece": "piece",
    "preparations:new": "preparation",
    "preparations:step": "prepared",
    **imports.MADE,
}
FORMLESS: dict[str, dict[str, str]] = {
    "rights:ask": {"token": "", "keys": "identity", "again": "appeared"},
    "rights:add_piece": {"token": "", "key": "identity"},
}
