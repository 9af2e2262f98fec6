"""Who may open the pages of tables of applications, written by hand as the others of `expectations`."""

from tests.security.worlds import SEND

PAGES: dict[str, tuple[str, str]] = {
    "preparations:imports": (SEND, "GET POST"),
    "preparations:import": (SEND, "GET"),
    "preparations:import_progress": (SEND, "GET"),
    "preparations:import_columns": (SEND, "GET POST"),
    "preparations:import_confirm": (SEND, "POST"),
    "preparations:import_abandon": (SEND, "POST"),
    "preparations:import_forget": (SEND, "POST"),
    "preparations:import_wrong": (SEND, "GET"),
}
OBJECTS = ("table",)
MADE = {"preparations:imports": "table"}
VALUES = {"preparations:import_wrong kind": "csv"}
