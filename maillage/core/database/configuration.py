"""The two configuration files of the embedded server, written anew before each start."""

from dataclasses import dataclass
from pathlib import Path

# Nothing a person typed may reach PostgreSQL's log. It would print the literals of failing statements, their
# details (« Key (nir)=(…) already exists ») and, in the message itself, values that do not parse: so errors
# are not logged at all.
SILENT_LOG = {
    "log_min_messages": "log",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
    "log_statement": "none",
    "log_min_duration_statement": "-1",
}

HOST_BASED_AUTHENTICATION = "local all all scram-sha-256\n"


@dataclass(frozen=True)
class Profile:
    """What distinguishes the server of `make run` from that of the tests."""

    durable: bool
    shared_buffers: str
    max_connections: int
    max_wal_size: str
    owner_creates_databases: bool


SERVING = Profile(
    durable=True,
    shared_buffers="256MB",
    max_connections=60,
    max_wal_size="2GB",
    owner_creates_databases=False,
)
TESTING = Profile(
    durable=False,
    shared_buffers="128MB",
    max_connections=150,
    max_wal_size="256MB",
    owner_creates_databases=True,
)


def configuration(profile: Profile, socket: Path) -> str:
    """postgresql.conf for two cores shared with the web server: no network, no parallel plans, silent log."""
    durability = "on" if profile.durable else "off"
    values = {
        "listen_addresses": "",
        "unix_socket_directories": _quoted_directory(socket),
        "unix_socket_permissions": "0700",
        "password_encryption": "scram-sha-256",
        "max_connections": str(profile.max_connections),
        "shared_buffers": profile.shared_buffers,
        "effective_cache_size": "1GB",
        "work_mem": "16MB",
        "maintenance_work_mem": "128MB",
        "max_parallel_workers_per_gather": "0",
        "max_parallel_maintenance_workers": "0",
        "jit": "off",
        "random_page_cost": "1.1",
        "max_wal_size": profile.max_wal_size,
        "timezone": "UTC",
        "log_timezone": "UTC",
        "lc_messages": "C",
        "fsync": durability,
        "synchronous_commit": durability,
        "full_page_writes": durability,
        "log_checkpoints": "off",
        **SILENT_LOG,
    }
    return "".join(f"{name} = {_quoted(value)}\n" for name, value in values.items())


def _quoted(value: str) -> str:
    return "'{}'".format(value.replace("\\", "\\\\").replace("'", "''"))


def _quoted_directory(socket: Path) -> str:
    """The setting is a list separated by commas; quotes keep a comma or a space of the path."""
    return '"{}"'.format(str(socket).replace('"', '""'))
