"""Who may open the yearly figures of a convention, written by hand as the others of `expectations`."""

from tests.days import today
from tests.security.worlds import READ, WRITE

PAGES: dict[str, tuple[str, str]] = {
    "indicators:newest": (READ, "GET"),
    "indicators:bilan": (READ, "GET"),
    "indicators:bilan_export": (READ, "GET"),
    "indicators:answers": (WRITE, "GET POST"),
    "indicators:sheet_bring": (WRITE, "GET POST"),
    "indicators:sheet_taken": (WRITE, "GET"),
    "indicators:step": (WRITE, "POST"),
    "indicators:back": (WRITE, "GET POST"),
    "indicators:campaigns": (READ, "GET"),
    "indicators:campaign_open": (WRITE, "GET POST"),
    "indicators:campaign_open_template": (WRITE, "GET POST"),
    "indicators:campaign": (READ, "GET"),
    "indicators:campaign_close": (WRITE, "POST"),
    "indicators:campaign_move": (WRITE, "GET POST"),
    "indicators:campaign_export": (READ, "GET"),
}
VALUES: dict[str, str] = {
    "indicators:bilan_export kind": "csv",
    "indicators:campaign_export kind": "csv",
    "indicators:step verb": "transmettre",
    "indicators:back verb": "rendre",
    "year": str(today().year),
    "block": "1",
}
# Whoever holds the convention checks its sheets: the other parties are refused.
HOLDER_ONLY = {
    "indicators:back",
    "indicators:campaign_open",
    "indicators:campaign_close",
    "indicators:campaign_move",
}
