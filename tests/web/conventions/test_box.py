"""The page « Boîte de la convention »: reached from the convention's page, written in, refused at its field with what was typed."""

import re

import pytest

from maillage.core.identifiers import uuid7
from maillage.exchange import queries
from tests.exchange.test_notes import WORDS, noted
from tests.referrals.world import ADVISER, READER, STRANGER, WORKER, Signed, followed_by, send_referral
from tests.web.referrals.conftest import Signs, as_, plain, signed

__all__ = ["as_", "signed"]


def test_one_writes_and_the_other_parties_read(signed: Signed, as_: Signs) -> None:
    page = f"/conventions/{signed.id}/boite/"
    worker, caisse = as_(WORKER), as_(READER)
    assert f'href="{page}"' in plain(worker.get(f"/conventions/{signed.id}/"))
    sent = {"token": str(uuid7()), "text": WORDS}
    assert "C’est écrit" in plain(worker.post(page, sent, follow=True))
    assert "premier clic" in plain(worker.post(page, sent, follow=True))
    assert plain(caisse.get(page)).count(WORDS) == 1
    assert as_(STRANGER).get(page).status_code == 404


def test_a_name_is_said_at_the_field_and_what_was_typed_stays(signed: Signed, as_: Signs) -> None:
    followed_by(send_referral(signed), ADVISER)
    typed = "Qui suit Mme Quintessence ?"
    page = plain(
        as_(ADVISER).post(f"/conventions/{signed.id}/boite/", {"token": str(uuid7()), "text": typed})
    )
    assert "Retirez « Quintessence »" in page
    assert f"{typed}</textarea>" in page


def test_older_notes_are_one_link_away(signed: Signed, as_: Signs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "SHOWN", 1)
    noted(signed, text="Le premier")
    noted(signed, text="Le dernier")
    reader = as_(READER)
    last = plain(reader.get(f"/conventions/{signed.id}/boite/"))
    older = re.search(r'href="([^"]+)">Plus anciens', last)
    assert older
    assert "Le premier" not in last
    shown = plain(reader.get(older[1]))
    assert "Le premier" in shown
    assert "Les derniers" in shown
