"""The server of the tests: templates built once, clones that are like real databases."""

import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest
from psycopg import errors

from maillage.core.database import layout as layouts
from maillage.core.database import roles
from maillage.core.database.settings import DatabaseUrls
from maillage.core.database.testing import KEPT_TEMPLATES, TestCluster
from tests.embedded import environ_for, lay, remove

BUILD_ONCE = """
import psycopg, time
from maillage.core.database.testing import TestCluster

def build(urls):
    time.sleep(0.3)
    with psycopg.connect(urls.owner) as owner:
        owner.execute("CREATE TABLE built ()")
    print("built")

with TestCluster() as cluster:
    cluster.template("shared", build)
"""


@pytest.fixture(scope="module")
def var(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("var")


@pytest.fixture(scope="module")
def cluster(project: Path, var: Path) -> Iterator[TestCluster]:
    cluster = TestCluster(environ_for(var))
    lay(project, cluster.place)
    with cluster:
        yield cluster
    remove(cluster.server)


def build(urls: DatabaseUrls) -> None:
    with psycopg.connect(urls.owner) as owner:
        owner.execute("CREATE TABLE facts AS SELECT 1 AS value")
        owner.execute("GRANT SELECT ON facts TO maillage_app")


def test_a_clone_holds_what_the_template_holds_and_is_independent(cluster: TestCluster) -> None:
    template = cluster.template("facts", build)
    one, two = cluster.clone_database(template, "clone_one"), cluster.clone_database(template, "clone_two")
    with psycopg.connect(one.owner) as owner:
        owner.execute("DELETE FROM facts")
    with psycopg.connect(one.app) as first, psycopg.connect(two.app) as second:
        assert first.execute("SELECT count(*) FROM facts").fetchone() == (0,)
        assert second.execute("SELECT count(*) FROM facts").fetchone() == (1,)
    for name in ("clone_one", "clone_two"):
        cluster.drop_database(name)


def test_a_clone_has_the_rights_of_a_real_database(cluster: TestCluster) -> None:
    urls = cluster.clone_database(cluster.template("facts", build), "clone_rights")
    with psycopg.connect(urls.app, autocommit=True) as app, pytest.raises(errors.InsufficientPrivilege):
        app.execute("CREATE TEMPORARY TABLE mine (x integer)")
    with psycopg.connect(urls.owner) as owner:
        row = owner.execute("SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = 'clone_rights'")
        assert row.fetchone() == (roles.OWNER,)


def test_a_template_is_built_once_even_when_two_processes_ask_at_once(
    cluster: TestCluster, var: Path
) -> None:
    command = [sys.executable, "-c", BUILD_ONCE]
    both = [
        subprocess.Popen(command, env=environ_for(var), stdout=subprocess.PIPE, text=True) for _ in range(2)
    ]
    outputs = sorted(process.communicate()[0] for process in both)
    assert [process.returncode for process in both] == [0, 0]
    assert outputs == ["", "built\n"]


def test_many_clones_are_made_at_once(cluster: TestCluster) -> None:
    template = cluster.template("facts", build)
    names = [f"clone_parallel_{number}" for number in range(4)]
    with ThreadPoolExecutor(4) as pool:
        addresses = list(pool.map(lambda name: cluster.clone_database(template, name), names))
    for urls in addresses:
        with psycopg.connect(urls.app) as app:
            assert app.execute("SELECT value FROM facts").fetchone() == (1,)


def test_a_build_that_fails_leaves_no_template_behind(cluster: TestCluster) -> None:
    def fail(urls: DatabaseUrls) -> None:
        raise RuntimeError("a migration failed")

    with pytest.raises(RuntimeError, match="a migration failed"):
        cluster.template("broken", fail)
    assert cluster.template("broken", build)


def test_old_templates_make_room_for_new_ones(cluster: TestCluster) -> None:
    for number in range(KEPT_TEMPLATES + 1):
        cluster.template(f"generation_{number}", build)
    with cluster.server.connect() as connection:
        rows = connection.execute("SELECT datname FROM pg_database WHERE datname LIKE 'template_gen%'")
        kept = {row[0] for row in rows}
    assert kept == {f"template_generation_{number}" for number in range(1, KEPT_TEMPLATES + 1)}


def test_it_lives_in_memory_where_there_is_room_and_stays_where_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    on_disk, memory = layouts.layout(tmp_path, "tests"), tmp_path / "memory"
    monkeypatch.setattr(layouts, "MEMORY", memory)
    monkeypatch.setattr(layouts, "MEMORY_NEEDED", 1)
    assert layouts.quick_layout(tmp_path, "tests") == on_disk  # a system without such a directory
    memory.mkdir()
    quick = layouts.quick_layout(tmp_path, "tests")
    assert quick.root.is_relative_to(memory)
    assert quick.account == on_disk.account
    monkeypatch.setattr(layouts, "MEMORY_NEEDED", 1 << 60)
    assert layouts.quick_layout(tmp_path, "tests") == on_disk
    quick.root.mkdir(parents=True)
    assert layouts.quick_layout(tmp_path, "tests") == quick


def test_a_place_in_memory_that_somebody_else_made_is_not_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(layouts, "MEMORY", tmp_path)
    monkeypatch.setattr(layouts, "MEMORY_NEEDED", 1)
    place = layouts.layout_in_memory(tmp_path, "tests").root.parent
    place.symlink_to(tmp_path)
    assert layouts.quick_layout(tmp_path, "tests") == layouts.layout(tmp_path, "tests")


def test_what_a_project_that_is_gone_left_in_memory_is_given_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(layouts, "MEMORY", tmp_path / "memory")
    places = {}
    for name in ("gone", "here"):
        var = tmp_path / name / "var"
        var.mkdir(parents=True)
        places[name] = layouts.layout_in_memory(var, "tests").root
        places[name].mkdir(parents=True)
        layouts.give_memory_back(var)
    (tmp_path / "memory" / "something-else").mkdir()
    (tmp_path / "gone").rename(tmp_path / "moved")
    layouts.give_memory_back(tmp_path / "here" / "var")
    assert not places["gone"].parent.exists()
    assert places["here"].exists()
    assert (tmp_path / "memory" / "something-else").exists()


def test_clones_left_by_a_killed_run_are_dropped_at_the_next_start(project: Path, tmp_path: Path) -> None:
    first = TestCluster(environ_for(tmp_path))
    lay(project, first.place)
    with first as cluster:
        template = cluster.template("facts", build)
        cluster.clone_database(template, f"clone_{os.getpid()}")
    with TestCluster(environ_for(tmp_path)) as cluster, cluster.server.connect() as connection:
        names = {row[0] for row in connection.execute("SELECT datname FROM pg_database")}
    remove(cluster.server)
    assert template in names
    assert f"clone_{os.getpid()}" not in names
