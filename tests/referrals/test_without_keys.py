"""A body opened by halves has no keys: what would be sealed to it is refused in French, and nothing is half-written."""

from typing import Any

import pytest
from django.test import Client

from maillage.cases.models import Case, Participation
from maillage.core.clock import now
from maillage.core.identifiers import uuid7
from maillage.core.refusals import Refused
from maillage.notifications.models import Message
from maillage.organisations.models import User
from maillage.referrals import actions
from maillage.referrals.drafts import begin, open_draft
from maillage.referrals.models import Draft, Referral
from maillage.vault.models import PublicKey
from tests.referrals.world import WORKER, Signed, complete, member, write_draft


def take_keys(short_name: str) -> None:
    """As if the organisation had been entered without the command that makes its keys."""
    keys = PublicKey.objects.using("owner").filter(organisation__short_name=short_name)
    assert keys.update(retired_at=now()) == 1


def browser() -> Client:
    client = Client()
    client.force_login(User.objects.get(email=WORKER), backend="maillage.web.accounts.backend.ClosedBackend")
    return client


def said(answer: Any) -> str:
    return str(answer.content.decode()).replace("\u00a0", " ")


def test_a_recipient_without_keys_gets_nothing_and_the_draft_stays(committed: Signed) -> None:
    draft = write_draft(committed)
    take_keys("CPAM 42")
    with member(WORKER) as worker:
        before = open_draft(worker, draft).content
        with pytest.raises(Refused, match="L’organisme destinataire n’a pas encore de clés"):
            actions.send(draft=draft, by=worker, at=now())
    page = browser().post(f"/orientations/brouillons/{draft}/envoi/", follow=True)
    assert page.status_code == 200
    assert "L’organisme destinataire n’a pas encore de clés sur Maillage" in said(page)
    with member(WORKER) as worker:
        assert open_draft(worker, draft).content == before
        for model in (Case, Participation, Referral):
            assert not model._default_manager.exists()
    assert not Message.objects.using("owner").filter(kind="referral_sent").exists()


def test_a_sender_without_keys_is_told_before_she_writes(committed: Signed) -> None:
    take_keys("CCAS")
    with (
        member(WORKER) as worker,
        pytest.raises(Refused, match="Votre organisme n’a pas encore de clés"),
    ):
        begin(token=uuid7(), content=complete(committed.authorisation().id), by=worker, at=now())
    page = browser().post("/orientations/nouvelle/", {"token": str(uuid7()), "motives": ["cost"]})
    assert page.status_code == 200
    assert "Votre organisme n’a pas encore de clés sur Maillage" in said(page)
    with member(WORKER):
        assert not Draft.objects.exists()
