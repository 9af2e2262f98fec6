"""The addresses of the database, named or embedded, and what Django is told of them."""

from pathlib import Path

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage.core.database.errors import DatabaseError
from maillage.core.database.settings import (
    DatabaseUrls,
    database_settings,
    django_databases,
    socket_url,
    urls,
)
from tests.embedded import environ_for

NAMED = {
    "DATABASE_URL": "postgresql://maillage_app:p%40ss%2Fw%3Ard@db.example.org:5433/maillage?sslmode=verify-full",
    "DATABASE_WORKER_URL": "postgresql://maillage_worker:w@db.example.org/maillage",
    "DATABASE_OWNER_URL": "postgresql://maillage_owner:o@db.example.org/maillage",
}


def test_a_named_server_gives_one_alias_per_role_that_is_named() -> None:
    assert set(database_settings(NAMED)) == {"default", "worker", "owner"}


def test_a_percent_encoded_password_and_libpq_options_reach_django() -> None:
    default = database_settings(NAMED)["default"]
    assert (default["HOST"], default["PORT"], default["NAME"]) == ("db.example.org", "5433", "maillage")
    assert (default["USER"], default["PASSWORD"]) == ("maillage_app", "p@ss/w:rd")
    named = {"application_name": "maillage-default", "sslmode": "verify-full"}
    assert default["OPTIONS"].items() >= named.items()


def test_a_web_server_may_know_the_address_of_its_own_role_only() -> None:
    assert set(database_settings({"DATABASE_URL": NAMED["DATABASE_URL"]})) == {"default"}


def test_no_alias_pools_its_connections() -> None:
    assert all("pool" not in alias["OPTIONS"] for alias in database_settings(NAMED).values())


def test_only_the_pages_keep_plans_of_what_they_run_often() -> None:
    threshold = {
        alias: told["OPTIONS"].get("prepare_threshold") for alias, told in database_settings(NAMED).items()
    }
    assert threshold == {"default": 5, "worker": None, "owner": None}


def test_a_companion_without_its_database_url_is_an_error() -> None:
    with pytest.raises(DatabaseError, match="DATABASE_OWNER_URL est défini sans DATABASE_URL"):
        urls({"DATABASE_OWNER_URL": NAMED["DATABASE_OWNER_URL"]})


def test_an_address_that_is_not_postgresql_is_refused_without_repeating_its_password() -> None:
    with pytest.raises(DatabaseError, match="« worker »") as caught:
        django_databases(DatabaseUrls(app=NAMED["DATABASE_URL"], worker="mysql://u:secret@db.example.org/x"))
    assert "secret" not in str(caught.value)


def test_reading_the_settings_of_a_new_project_starts_and_writes_nothing(tmp_path: Path) -> None:
    found = database_settings(environ_for(tmp_path / "var"))
    assert set(found) == {"default", "worker", "owner", "statistics"}
    assert not (tmp_path / "var").exists()


text = st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\0"), min_size=1)


@given(user=text, password=text, directory=text, database=text)
def test_libpq_reads_back_every_part_of_a_socket_address(
    user: str, password: str, directory: str, database: str
) -> None:
    socket = Path("/") / directory
    read = psycopg.conninfo.conninfo_to_dict(socket_url(user, password, socket, database))
    assert read == {"user": user, "password": password, "host": str(socket), "dbname": database}
