"""The demonstration never gets beside real data: its accounts have a public password."""

from typing import Any

import pytest
from django.core.management import CommandError, call_command

from maillage.demo.cast import BODIES
from maillage.demo.management.commands import load_demo
from maillage.organisations.models import Organisation

pytestmark = pytest.mark.django_db(databases=["default", "owner"])


@pytest.fixture
def loads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What would be loaded."""
    done: list[str] = []
    monkeypatch.setattr(load_demo, "load_directory", lambda *, using: done.append(using))
    monkeypatch.setattr(load_demo, "load_conventions", lambda: done.append("conventions"))
    monkeypatch.setattr(load_demo, "load_secondments", lambda: done.append("secondments"))
    monkeypatch.setattr(load_demo, "load_supports", lambda: done.append("supports"))
    monkeypatch.setattr(load_demo, "load_deployment", lambda *, using: done.append(f"deployment {using}"))
    monkeypatch.setattr(load_demo, "load_steering", lambda: done.append("steering"))
    monkeypatch.setattr(load_demo, "load_training", lambda: done.append("training"))
    monkeypatch.setattr(load_demo, "load_rights", lambda: done.append("rights"))
    monkeypatch.setattr(load_demo, "load_referrals", lambda: done.append("referrals"))
    monkeypatch.setattr(load_demo, "load_figures", lambda: done.append("figures"))
    monkeypatch.setattr(load_demo, "load_committees", lambda: done.append("committees"))
    monkeypatch.setattr(load_demo, "load_protection", lambda: done.append("protection"))
    return done


def test_it_is_loaded_over_what_is_there_of_it(loads: list[str]) -> None:
    call_command("load_demo")
    assert loads == [
        "owner",
        "conventions",
        "secondments",
        "supports",
        "deployment owner",
        "steering",
        "training",
        "rights",
        "referrals",
        "figures",
        "committees",
        "protection",
    ]


def test_production_refuses_it(loads: list[str], settings: Any) -> None:
    settings.REFUSE_UNSAFE_START = True
    with pytest.raises(CommandError, match="ne se charge pas en production"):
        call_command("load_demo")
    assert loads == []


def test_a_base_of_other_organisations_refuses_it(loads: list[str]) -> None:
    first = BODIES[0]
    Organisation.objects.using("owner").filter(name=first.name).update(name="Une vraie caisse")
    with pytest.raises(CommandError, match="d’autres organismes"):
        call_command("load_demo")
    assert loads == []
