"""Who may open the pages of seconded agents, written by hand as the others of `expectations`."""

from tests.security.worlds import READ, SEE, SEND, WORK, WRITE

PAGES: dict[str, tuple[str, str]] = {
    "secondments:list": (READ, "GET"),
    "secondments:new": (WRITE, "GET POST"),
    "secondments:secondment": (READ, "GET"),
    "secondments:change": (WRITE, "GET POST"),
    "secondments:permanence_new": (WRITE, "GET POST"),
    "secondments:permanence_end": (WRITE, "GET POST"),
    "secondments:agenda": (SEE, "GET"),
    "secondments:day": (SEE, "GET"),
    "secondments:book": (SEND, "GET POST"),
    "secondments:appointment": (SEE, "GET"),
    "secondments:again": (SEND, "GET POST"),
    "secondments:move": (SEE, "GET POST"),
    "secondments:cancel": (SEE, "POST"),
    "secondments:hold": (WORK, "POST"),
    "secondments:miss": (WORK, "POST"),
    "secondments:follow": (SEE, "POST"),
    "secondments:consult": (SEE, "GET POST"),
    "secondments:unfollow": (SEE, "POST"),
    "secondments:hand_over": (SEE, "GET POST"),
}
OBJECTS = ("secondment", "permanence", "appointment")
# The caisse arranges; the host reads.
HOLDER_ONLY = {
    "secondments:change",
    "secondments:permanence_new",
    "secondments:permanence_end",
}
MADE = {
    "secondments:new": "secondment",
    "secondments:permanence_new": "permanence",
    "secondments:book": "appointment",
    "secondments:again": "appointment",
}
