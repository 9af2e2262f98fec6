"""The journal kept beyond its retention is said aloud: to the operator, in the worker's log, to the organisation whose it is."""

import logging
from argparse import Namespace
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import transaction

from maillage.audit.overdue import GRACE, overdue_since
from maillage.audit.tasks import seal_journal
from maillage.cli import audit_status
from maillage.core.clock import now
from maillage.core.row_security import acting
from maillage.organisations.models import Organisation
from tests.audit.test_segments import journal, prune_now, seal_long_ago
from tests.conventions.people import worker_process

__all__ = ["journal"]  # fixture
pytestmark = pytest.mark.security


def test_nothing_is_said_while_segments_are_young_or_a_month_is_not_over(journal: object) -> None:
    assert overdue_since(now(), using="owner") is None
    seal_long_ago()
    since = overdue_since(now(), using="owner")
    assert since is not None
    assert overdue_since(since + GRACE, using="owner") is None
    assert overdue_since(since + GRACE + timedelta(seconds=1), using="owner") == since


def test_once_pruned_it_is_on_time_again(
    journal: object, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit_status, "connect_as_owner", lambda: None)
    seal_long_ago()
    assert audit_status.run(Namespace()) == 1
    assert "lancez « maillage audit prune »" in capsys.readouterr().out
    assert prune_now().entries > 0
    assert audit_status.run(Namespace()) == 0
    assert "n’est pas gardé au-delà" in capsys.readouterr().out


def test_the_worker_says_it_each_day_and_prunes_nothing(
    journal: object, caplog: pytest.LogCaptureFixture
) -> None:
    seal_long_ago()
    with worker_process(), caplog.at_level(logging.WARNING):
        seal_journal()
    assert "kept beyond its retention" in caplog.text
    assert overdue_since(now(), using="owner") is not None


def test_an_organisation_is_told_of_its_own_chain_alone(journal: object) -> None:
    seal_long_ago()
    body = Organisation.objects.using("owner").get(short_name="CCAS").pk
    with transaction.atomic(), acting(organisation=body):
        assert overdue_since(now()) is not None
    with transaction.atomic(), acting(organisation=uuid4()):
        assert overdue_since(now()) is None
