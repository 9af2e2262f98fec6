"""Who may open the pages of a convention’s commitments, obligations, committees and action sheets, written by hand as the others."""

from tests.security import expectations_committees as committees
from tests.security import expectations_steering as steering
from tests.security.worlds import PROTECT, READ, WRITE

PAGES: dict[str, tuple[str, str]] = {
    "conventions:commitments": (READ, "GET"),
    "conventions:evidence": (WRITE, "GET POST"),
    "conventions:evidence_cancel": (WRITE, "GET POST"),
    "conventions:obligations": (WRITE, "GET"),
    "conventions:obligation_answer": (WRITE, "GET POST"),
    "conventions:obligation": (WRITE, "GET POST"),
    "conventions:data_roles": (READ, "GET"),
    "conventions:data_roles_accept": (PROTECT, "GET POST"),
    "conventions:data_roles_withdraw": (PROTECT, "GET POST"),
    **committees.PAGES,
    **steering.PAGES,
}
OBJECTS = ("acceptance", *committees.OBJECTS, *steering.OBJECTS)
OTHERS_ONLY = steering.OTHERS_ONLY
FIELDS = steering.FIELDS
VALUES = {
    **steering.VALUES,
    "conventions:evidence key": "bilan_annuel",
    "conventions:obligation key": "propriete_detention",
    "conventions:obligation verb": "cocher",
    "conventions:data_roles_accept flow": "orientation_misas",
    "conventions:obligation_answer verb": "accorder",
    **committees.VALUES,
}
# A proof is taken back by the party that noted it.
HOLDER_ONLY = {"conventions:evidence_cancel", "conventions:data_roles_withdraw"} | committees.HOLDER_ONLY
MADE = {
    **steering.MADE,
    "conventions:data_roles_accept": "acceptance",
    "conventions:data_roles_withdraw": "acceptance",
    "conventions:evidence": "evidence",
    "conventions:evidence_cancel": "evidence",
    "conventions:obligation": "mark",
    "conventions:obligation_answer": "mark",
    **committees.MADE,
}
REACHED = {
    ("conventions:obligation", "document_kept"),
    ("conventions:obligation", "token"),
    ("conventions:obligation_answer", "document_kept"),
    ("conventions:obligation_answer", "token"),
}
# Where a body has a data protection officer here, its administrator neither accepts nor withdraws in her place.
EXCEPTIONS = {("conventions:data_roles_withdraw", "admin@cpam.example.org"): 403}
