"""`make reset` forgets the embedded servers, unless somebody uses one."""

from pathlib import Path

import pytest

from maillage.cli import reset
from maillage.core.database import layout as layouts
from maillage.core.database.errors import DatabaseError
from maillage.core.database.removal import forget
from maillage.core.database.testing import TEST_NAME
from tests.core.database.conftest import Starter
from tests.embedded import environ_for, laid


def test_a_stopped_server_is_forgotten_with_its_passwords_and_var(
    project: Path, tmp_path: Path, start: Starter, capsys: pytest.CaptureFixture[str]
) -> None:
    var = tmp_path / "var"
    var.mkdir()
    server = start(laid(project, var))
    server.release()
    assert reset.main(environ_for(var)) == 0
    assert not server.place.root.exists()
    assert not var.exists()
    assert "effacées" in capsys.readouterr().out


def test_a_server_in_use_is_left_alone(
    project: Path, start: Starter, capsys: pytest.CaptureFixture[str]
) -> None:
    server = start(project)
    with pytest.raises(DatabaseError, match="sert encore"):
        forget(environ_for(project))
    assert reset.main(environ_for(project)) == 1
    assert "sert encore" in capsys.readouterr().err
    assert server.postmaster() is not None


def test_the_server_of_the_tests_is_forgotten_from_the_disk_and_from_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(layouts, "MEMORY", tmp_path / "memory")
    places = [find(tmp_path, TEST_NAME) for find in (layouts.layout, layouts.layout_in_memory)]
    for place in places:
        place.create()
    forget(environ_for(tmp_path))
    assert [place.root for place in places if place.root.exists()] == []


def test_a_project_that_never_ran_has_nothing_to_forget(tmp_path: Path) -> None:
    forget(environ_for(tmp_path))
    assert list(tmp_path.iterdir()) == []
