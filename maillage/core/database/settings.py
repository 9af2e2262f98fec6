"""The addresses of the database and the DATABASES setting made of them. Nothing here starts a server."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict

from maillage.core.database.errors import DatabaseError
from maillage.core.database.layout import Layout, layout, var_directory
from maillage.core.database.passwords import read
from maillage.core.database.roles import APP, DATABASE, OWNER, STATISTICS, WORKER

EMBEDDED_NAME = "postgres"
VARIABLES = {
    "app": "DATABASE_URL",
    "worker": "DATABASE_WORKER_URL",
    "owner": "DATABASE_OWNER_URL",
    "statistics": "DATABASE_STATISTICS_URL",
}
STATISTICS_ALIAS = "statistics"
"""The connection of the role of statistics, where its address is given."""
CONNECTION_SECONDS = 300
# Of what a page runs more than five times on one connection, PostgreSQL keeps the plan: row security is long to plan. Its values are
# still bound at each call, and the settings that say who acts are read then. The owner's statements (migrations) take no parameter.
_PREPARED = {"server_side_binding": True, "prepare_threshold": 5}


@dataclass(frozen=True, repr=False)
class DatabaseUrls:
    """One address per role, in libpq's URL form; an empty one is not available to this process."""

    app: str
    worker: str = ""
    owner: str = ""
    statistics: str = ""


def uses_embedded_server(environ: Mapping[str, str]) -> bool:
    """Whether no server is named, so that the embedded one serves."""
    return not environ.get(VARIABLES["app"])


def embedded_layout(environ: Mapping[str, str]) -> Layout:
    """The files of the embedded server of `make run`."""
    return layout(var_directory(environ), EMBEDDED_NAME)


def urls(environ: Mapping[str, str]) -> DatabaseUrls:
    """The addresses named by DATABASE_URL and its companions, or those of the embedded server.

    Each process needs the address of its own role only; a web server is better off without the owner's.
    Raises DatabaseError when a companion is named without DATABASE_URL.
    """
    if not uses_embedded_server(environ):
        return DatabaseUrls(**{field: environ.get(variable, "") for field, variable in VARIABLES.items()})
    alone = [variable for variable in VARIABLES.values() if environ.get(variable)]
    if alone:
        raise DatabaseError(
            f"{alone[0]} est défini sans DATABASE_URL : nommez aussi l’adresse du rôle applicatif."
        )
    return embedded_urls(embedded_layout(environ), DATABASE)


def embedded_urls(place: Layout, database: str) -> DatabaseUrls:
    """The addresses of `database` on an embedded server; without passwords before its first start."""
    kept = read(place.passwords)
    return DatabaseUrls(
        app=socket_url(APP, kept.app if kept else "", place.socket, database),
        worker=socket_url(WORKER, kept.worker if kept else "", place.socket, database),
        owner=socket_url(OWNER, kept.owner if kept else "", place.socket, database),
        statistics=socket_url(STATISTICS, kept.statistics if kept else "", place.socket, database),
    )


def socket_url(user: str, password: str, socket: Path, database: str) -> str:
    """A URL through a Unix socket, every part percent-encoded."""
    credentials = f"{quote(user, safe='')}:{quote(password, safe='')}"
    host = urlencode({"host": str(socket)}, quote_via=quote)
    return f"postgresql://{credentials}@/{quote(database, safe='')}?{host}"


def django_databases(addresses: DatabaseUrls) -> dict[str, dict[str, Any]]:
    """DATABASES: `default` logs in as the application; `worker`, `owner`, `statistics` as those roles.

    Raises DatabaseError when an address is not a PostgreSQL one.
    """
    named = {
        "default": addresses.app,
        "worker": addresses.worker,
        "owner": addresses.owner,
        STATISTICS_ALIAS: addresses.statistics,
    }
    return {alias: _django_database(alias, url) for alias, url in named.items() if url}


def database_settings(environ: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    """DATABASES for this environment."""
    return django_databases(urls(environ))


def _django_database(alias: str, url: str) -> dict[str, Any]:
    try:
        parameters = {name: str(value) for name, value in conninfo_to_dict(url).items() if value is not None}
    except ProgrammingError as error:
        # libpq repeats the address, password included, in its message
        raise DatabaseError(f"L’adresse de la base « {alias} » n’est pas une adresse PostgreSQL.") from error
    options = {"application_name": f"maillage-{alias}", **(_PREPARED if alias == "default" else {})}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parameters.pop("dbname", DATABASE),
        "USER": parameters.pop("user", ""),
        "PASSWORD": parameters.pop("password", ""),
        "HOST": parameters.pop("host", ""),
        "PORT": parameters.pop("port", ""),
        "CONN_MAX_AGE": CONNECTION_SECONDS,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options | parameters,
    }
