"""Who may open the pages of trainings, written by hand as the others of `expectations`."""

from tests.security.worlds import READ, WRITE

PAGES: dict[str, tuple[str, str]] = {
    "training:list": (READ, "GET"),
    "training:modules": (READ, "GET"),
    "training:module_new": (WRITE, "GET POST"),
    "training:module_change": (WRITE, "GET POST"),
    "training:module_withdraw": (WRITE, "POST"),
    "training:convention": (READ, "GET"),
    "training:people": (READ, "GET"),
    "training:person": (READ, "GET POST"),
    "training:withdraw": (READ, "GET POST"),
    "training:certificate": (READ, "GET"),
    "training:session_new": (WRITE, "GET POST"),
    "training:session": (READ, "GET"),
    "training:session_change": (WRITE, "GET POST"),
    "training:cancel": (WRITE, "GET POST"),
    "training:register": (READ, "GET POST"),
    "training:calendar": (READ, "GET"),
    "training:sheet": (WRITE, "GET"),
    "training:signed_sheet": (WRITE, "GET"),
    "training:sign_off": (WRITE, "GET POST"),
    "training:certificates": (READ, "GET"),
}
OBJECTS = ("module", "session", "registration", "attendee", "presence")
# The organiser alone; its partners read the session elsewhere.
HOLDER_ONLY = {
    "training:module_change",
    "training:module_withdraw",
    "training:session_change",
    "training:cancel",
    "training:sheet",
    "training:signed_sheet",
    "training:sign_off",
}
# What the row is whose id is the `token` of a form.
MADE = {
    "training:module_new": "module",
    "training:session_new": "session",
    "training:register": "registration",
    "training:sign_off": "sign_off",
}
FIELDS: dict[str, tuple[str, ...]] = {"module": ("module",), r"attendee(_\d)?": ("attendee",)}
