"""One cluster, one migrated template per checkout, one clone per test process; tests act as the web's own role."""

import gc
import hashlib
import os
import shutil
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from django.template import Context, Template
from django.test.signals import template_rendered
from hypothesis import settings as hypothesis_settings

from maillage.conventions.terms.base import build_models
from maillage.core.database.settings import DatabaseUrls, django_databases
from maillage.core.database.testing import TestCluster
from maillage.core.row_security.context import Context as Acting
from maillage.core.row_security.context import remember
from tests.chromium import running_browser
from tests.embedded import project
from tests.thoroughness import DRAWS

__all__ = ["project", "running_browser"]

PROJECT = Path(__file__).resolve().parents[1]
ALIASES = ("default", "worker", "owner", "statistics")
NUMBERS = count()
# Examples of a property are drawn anew at each run: a few each time, more in the long tier.
hypothesis_settings.register_profile("maillage", max_examples=DRAWS, deadline=None)
hypothesis_settings.load_profile("maillage")


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """What is imported and collected stays until the end: the collector of garbage need not look at it again and again.

    As in a server, no reader waits for the models of the text: a bound on the time of a test is not about them.
    """
    gc.disable()
    try:
        return (yield)
    finally:
        build_models()
        gc.freeze()
        gc.set_threshold(
            50_000, 20, 50
        )  # a test makes much and keeps little: a tenth of Python's time otherwise
        gc.enable()


def _fingerprint() -> str:
    """Changes with whatever the template is made of: migrations, declarations of access and of states, the directory."""
    digest = hashlib.sha256()
    patterns = (
        "*/migrations/*.py",
        "**/models.py",
        "organisations/base.py",
        "**/states.py",
        "core/row_security/*.py",
        "demo/*.py",
        "core/apps.py",
        "cases/*.py",
        "organisations/*.py",
    )
    for path in sorted({path for pattern in patterns for path in (PROJECT / "maillage").glob(pattern)}):
        digest.update(path.relative_to(PROJECT).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def point_at(urls: DatabaseUrls) -> None:
    """Make every alias of Django speak to this database."""
    for alias, described in django_databases(urls).items():
        connection = connections[alias]
        connection.close()
        connection.settings_dict.update({**described, "CONN_MAX_AGE": 0})


@contextmanager
def pointing_at(urls: DatabaseUrls) -> Iterator[None]:
    """Every alias speaks to this database until the block ends, then to the former one again."""
    before = {alias: dict(connections[alias].settings_dict) for alias in ALIASES}
    point_at(urls)
    try:
        yield
    finally:
        for alias in ALIASES:
            connections[alias].close()
            connections[alias].settings_dict.clear()
            connections[alias].settings_dict.update(before[alias])


def _build(urls: DatabaseUrls) -> None:
    from maillage.demo.directory import load_directory
    from maillage.demo.places import load_places

    point_at(urls)
    call_command("migrate", database="owner", verbosity=0, interactive=False)
    load_directory(using="owner")
    load_places(using="owner")
    for alias in ALIASES:
        connections[alias].close()


@pytest.fixture(scope="session")
def cluster() -> Iterator[TestCluster]:
    """The server of the tests."""
    with TestCluster() as running:
        yield running


@pytest.fixture(scope="session")
def database_template(cluster: TestCluster, django_db_blocker: Any) -> str:
    """The migrated template, with the demonstration's organisations and people in it."""
    with django_db_blocker.unblock():
        return cluster.template(_fingerprint(), _build)


@pytest.fixture(scope="session")
def django_db_setup(cluster: TestCluster, database_template: str, django_db_blocker: Any) -> Iterator[None]:
    """Replaces pytest-django's: a clone of the template, with the roles and rights of a real database."""
    name = f"clone_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}_{os.getpid()}"
    with django_db_blocker.unblock():
        point_at(cluster.clone_database(database_template, name))
        yield
        for alias in ALIASES:
            connections[alias].close()
    cluster.drop_database(name)


@pytest.fixture
def fresh_database(
    request: pytest.FixtureRequest,
    cluster: TestCluster,
    database_template: str,
    django_db_blocker: Any,
    stores: None,
) -> Iterator[DatabaseUrls]:
    """A database of this test's own, for what commits: races, chains at commit, jobs, browsers.

    A copy of the module's `groundwork`, its stores included, for a test that asks for both.
    """
    name, source = f"clone_own_{os.getpid()}", database_template
    if "groundwork" in request.fixturenames:
        groundwork: Groundwork = request.getfixturevalue("groundwork")
        source = groundwork.database
        for store in groundwork.stores.iterdir():
            shutil.copytree(store, settings.KEY_STORE if store.name == "keys" else settings.DOCUMENT_STORE)
    urls = cluster.clone_database(source, name)
    with django_db_blocker.unblock(), pointing_at(urls):
        yield urls
    cluster.drop_database(name)


@dataclass(frozen=True)
class Groundwork:
    """A database and stores to which nobody speaks any more, and what was written in them."""

    database: str
    stores: Path
    world: Any


LayGroundwork = Callable[[Callable[[], Any]], Groundwork]


@pytest.fixture(scope="session")
def demonstrated(
    cluster: TestCluster,
    database_template: str,
    django_db_blocker: Any,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Groundwork]:
    """All the conventions of the demonstration, entered once a process in a database of their own, and their stores."""
    from maillage.demo.conventions import load_conventions

    name, folder = f"clone_demonstrated_{os.getpid()}", tmp_path_factory.mktemp("demonstrated")
    urls = cluster.clone_database(database_template, name)
    with pytest.MonkeyPatch.context() as patch, django_db_blocker.unblock(), pointing_at(urls):
        patch.setattr(settings, "KEY_STORE", folder / "keys")
        patch.setattr(settings, "DOCUMENT_STORE", folder / "documents")
        load_conventions()
    yield Groundwork(name, folder, None)
    cluster.drop_database(name)


@pytest.fixture(scope="module")
def lay_groundwork(
    cluster: TestCluster,
    database_template: str,
    django_db_blocker: Any,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[LayGroundwork]:
    """Writes once, committed, what the tests of a module start from: the module's fixture `groundwork` says what."""
    name, folder = f"clone_groundwork_{os.getpid()}", tmp_path_factory.mktemp("groundwork")

    def write(world: Callable[[], Any]) -> Groundwork:
        urls = cluster.clone_database(database_template, name)
        with pytest.MonkeyPatch.context() as patch, django_db_blocker.unblock(), pointing_at(urls):
            patch.setattr(settings, "KEY_STORE", folder / "keys")
            patch.setattr(settings, "DOCUMENT_STORE", folder / "documents")
            return Groundwork(name, folder, world())

    yield write
    cluster.drop_database(name)


@pytest.fixture(scope="session", autouse=True)
def contexts_of_pages_alone(django_test_environment: None) -> Iterator[None]:
    """`answer.context` is what the page was drawn with. Django's tests also copy what each of its dozens of parts was drawn with."""

    def draw(template: Template, context: Context) -> str:
        if context.template is template:  # the page; its parts are drawn in the context that it was bound to
            template_rendered.send(sender=template, template=template, context=context)
        return str(template.nodelist.render(context))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Template, "_render", draw)
        yield


@pytest.fixture(autouse=True)
def nobody_acts() -> None:
    """No test inherits who acted in the last transaction of another: in the application each request forgets it."""
    for alias in ALIASES:
        remember(Acting(), alias)


@pytest.fixture(autouse=True)
def stores(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test has its own key store, document store and anchors, made by whatever first writes there."""
    folder = tmp_path_factory.getbasetemp() / f"stores-{next(NUMBERS)}"
    monkeypatch.setattr(settings, "KEY_STORE", folder / "keys")
    monkeypatch.setattr(settings, "DOCUMENT_STORE", folder / "documents")
    monkeypatch.setattr(settings, "ANCHORS", folder / "anchors")
    monkeypatch.setattr(settings, "ANCHOR_KEY", folder / "anchor_key")
