"""Who may open the pages of the data-protection desk, written by hand as the others of `expectations`."""

from tests.security.worlds import PROTECT

MEMBER = "member"
PAGES: dict[str, tuple[str, str]] = {
    "protection:desk": (PROTECT, "GET"),
    "protection:breaches": (MEMBER, "GET"),
    "protection:breach_new": (MEMBER, "GET POST"),
    "protection:breach": (MEMBER, "GET"),
    "protection:register": (PROTECT, "GET"),
    "protection:acknowledge": (PROTECT, "POST"),
    "protection:conventions": (PROTECT, "GET POST"),
    "protection:know": (PROTECT, "GET POST"),
    "protection:reach": (PROTECT, "GET POST"),
    "protection:join": (PROTECT, "GET POST"),
    "protection:add": (PROTECT, "GET POST"),
    "protection:propose": (PROTECT, "GET POST"),
    "protection:close": (PROTECT, "GET POST"),
    "protection:notice": (PROTECT, "GET"),
    "protection:told": (PROTECT, "GET POST"),
    "protection:agree": (PROTECT, "POST"),
    "protection:document": (PROTECT, "GET"),
    "protection:calendar": (PROTECT, "GET"),
    "protection:destructions": (PROTECT, "GET"),
    "protection:destruction": (PROTECT, "GET"),
    "protection:destruction_day": (PROTECT, "GET POST"),
    "protection:destruction_sign": (PROTECT, "POST"),
    "protection:destruction_certificate": (PROTECT, "GET"),
    "protection:requests": (MEMBER, "GET"),
    "protection:request_new": (MEMBER, "GET POST"),
    "protection:request": (MEMBER, "GET"),
    "protection:request_identify": (PROTECT, "GET POST"),
    "protection:request_search": (PROTECT, "GET POST"),
    "protection:request_attach": (PROTECT, "POST"),
    "protection:request_ask": (PROTECT, "GET POST"),
    "protection:request_extend": (PROTECT, "GET POST"),
    "protection:request_answer": (PROTECT, "POST"),
    "protection:request_refuse": (PROTECT, "GET POST"),
    "protection:request_rectify": (PROTECT, "GET POST"),
    "protection:take_up": (PROTECT, "POST"),
    "protection:request_letter": (PROTECT, "GET"),
    "protection:request_held": (PROTECT, "GET"),
    "protection:request_machine": (PROTECT, "GET"),
}
OBJECTS = ("breach", "breach_notice", "breach_decision", "breach_entry", "rights_request", "rectification")
VALUES = {"protection:add kind": "precision", "protection:destruction_certificate party": "ccas"}
FIELDS: dict[str, tuple[str, ...]] = {"into": ("breach",), "conventions": ("convention",), "cases": ("case",)}
MADE = {
    "protection:breach_new": "breach",
    "protection:propose": "breach_decision",
    "protection:add": "breach_entry",
    "protection:reach": "breach_entry",
    "protection:request_new": "rights_request",
    "protection:request_identify": "rights_request",
    "protection:request_rectify": "rectification",
}
