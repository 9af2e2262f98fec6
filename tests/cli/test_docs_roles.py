"""The page of the roles is what they declare."""

from dataclasses import replace
from pathlib import Path

import pytest

from maillage.cli import docs_roles
from maillage.cli.docs_roles import FILE, page
from maillage.organisations.roles import PERMISSION_LABELS, ROLES, Permission, Role


def test_the_page_says_what_is_declared() -> None:
    assert FILE.read_text(encoding="utf-8") == page(), "run: python -m maillage.cli.docs_roles"


def test_one_permission_more_changes_the_page() -> None:
    dpo = ROLES[Role.DPO]
    more = {**ROLES, Role.DPO: replace(dpo, permissions=dpo.permissions | {Permission.SEND_REFERRALS})}
    assert page(more) != page()


def test_each_role_and_each_permission_has_its_french_words() -> None:
    assert set(ROLES) == set(Role)
    assert set(PERMISSION_LABELS) == set(Permission)
    assert all(declared.description.endswith(".") and declared.where for declared in ROLES.values())
    assert all(declared.kinds for declared in ROLES.values())


def test_writing_the_page_gives_the_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(docs_roles, "FILE", tmp_path / "roles.md")
    assert docs_roles.main([]) == 0
    assert docs_roles.FILE.read_text(encoding="utf-8") == page()
