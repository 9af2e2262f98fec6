"""Who may open the pages of action sheets, credits and provisions, written by hand as the others of `expectations`."""

from tests.security.worlds import READ, WRITE

PAGES: dict[str, tuple[str, str]] = {
    "sheets:board": (READ, "GET"),
    "sheets:sheet": (READ, "GET"),
    "sheets:add": (WRITE, "GET POST"),
    "sheets:change": (WRITE, "GET POST"),
    "sheets:deliver": (WRITE, "GET POST"),
    "sheets:step": (WRITE, "GET POST"),
    "credits:board": (READ, "GET"),
    "credits:envelope": (READ, "GET"),
    "credits:new": (WRITE, "GET POST"),
    "credits:import": (WRITE, "GET POST"),
    "credits:figure": (WRITE, "GET POST"),
    "credits:measure": (WRITE, "GET POST"),
    "provision:board": (READ, "GET"),
    "provision:provision": (READ, "GET"),
    "provision:new": (WRITE, "GET POST"),
    "provision:actual": (WRITE, "GET POST"),
}
OBJECTS = ("entry", "study", "envelope")
# Whoever asked for a study does not answer: the caisse of that world.
OTHERS_ONLY = {"sheets:step"}
VALUES = {
    "sheets:sheet sheet": "fiche_1",
    "sheets:add sheet": "fiche_1",
    "sheets:add slug": "jalon",
    "sheets:step slug": "accord",
    "provision:provision year": "2023",
    "provision:provision slug": "dotation",
    "provision:actual year": "2023",
    "provision:actual slug": "dotation",
}
MADE = {
    "sheets:add": "entry",
    "sheets:change": "entry",
    "sheets:deliver": "entry",
    "sheets:step": "study",
    "credits:new": "envelope",
    "credits:figure": "figure",
    "credits:measure": "measure",
    "provision:new": "triangle",
    "provision:actual": "paid",
}
# The one that a form was shown with: compared, never opened.
FIELDS = {"shown": ("triangle", "paid")}
