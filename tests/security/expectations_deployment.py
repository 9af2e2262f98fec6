"""Who may open the pages on which the deployment of a framework is followed, written by hand as the others of `expectations`."""

from tests.security.worlds import READ, WRITE

PAGES: dict[str, tuple[str, str]] = {
    "conventions:deployments": (READ, "GET"),
    "conventions:deployment_reason": (WRITE, "GET POST"),
    "conventions:deployment": (READ, "GET"),
    "conventions:deployment_export": (READ, "GET"),
}
VALUES = {"conventions:deployment_export kind": "csv"}
