"""A key store that is lost while people work: pages say it, nothing is written, the operator is told, nobody's data is."""

from collections.abc import Iterator

import pytest
from django.conf import settings
from playwright.sync_api import Browser, expect

from maillage.audit.models import Entry
from maillage.referrals.models import Draft, Referral
from maillage.vault.actions import vault
from tests.browsing import Opened, browser, look, open_in, site
from tests.referrals.world import CANARIES, WORKER, Signed, send_referral, sign_convention, write_draft
from tests.web.referrals.conftest import plain
from tests.web.referrals.test_finding import signed_in

__all__ = ["browser", "site"]  # fixtures
LIST = "/orientations/"


@pytest.fixture
def signed(fresh_database: object) -> Signed:
    found = sign_convention()
    send_referral(found)
    return found


def lose() -> None:
    settings.KEY_STORE.rename(settings.KEY_STORE.with_name("aside"))


def put_back() -> None:
    settings.KEY_STORE.with_name("aside").rename(settings.KEY_STORE)


def entries() -> int:
    return Entry.objects.using("owner").filter(verb="keys_unavailable").count()


def test_a_page_says_that_nothing_is_lost_and_whom_to_tell(
    signed: Signed, caplog: pytest.LogCaptureFixture
) -> None:
    client = signed_in(WORKER)
    lose()
    answer = client.get(LIST)
    page = plain(answer)
    assert (answer.status_code, answer["Retry-After"], answer["Cache-Control"]) == (503, "300", "no-store")
    assert "Ce qui était déjà enregistré reste en place" in page
    assert "Prévenir l’administrateur·rice de votre organisme" in page
    assert "veniez d’envoyer" not in page
    assert entries() == 1
    assert f"key store: WrongStore ({settings.KEY_STORE}), page referrals:list" in caplog.text
    assert not any(canary in page + caplog.text for canary in CANARIES)
    assert client.get("/conventions/").status_code == 200
    put_back()
    assert client.get(LIST).status_code == 200


def test_a_form_writes_nothing_says_so_and_shows_what_was_typed(signed: Signed) -> None:
    draft, client = write_draft(signed), signed_in(WORKER)
    before = Referral.objects.using("owner").count()
    lose()
    answer = client.post(f"/orientations/brouillons/{draft}/envoi/", {"note": "Deux mots ou trois"})
    assert answer.status_code == 503
    assert "n’a pas été enregistré, pas même en partie" in plain(answer)
    assert "Deux mots ou trois" in plain(answer)
    assert Referral.objects.using("owner").count() == before
    assert Draft.objects.using("owner").filter(id=draft).exists()
    put_back()
    assert client.post(f"/orientations/brouillons/{draft}/envoi/").status_code == 302


def test_one_key_missing_is_told_to_whoever_sends(signed: Signed, caplog: pytest.LogCaptureFixture) -> None:
    draft, client = write_draft(signed), signed_in(WORKER)
    under = signed.authorisation()
    vault().store.path(under.recipient_id, under.convention_id).unlink()
    answer = client.post(f"/orientations/brouillons/{draft}/envoi/")
    assert answer.status_code == 503
    assert f"key store: KeyMissing ({under.recipient_id} {under.convention_id})" in caplog.text
    assert entries() == 1


def test_any_other_failure_stays_one(signed: Signed, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object, **__: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("maillage.cases.queries.vault", fails)
    client = signed_in(WORKER)
    client.raise_request_exception = False
    assert client.get(LIST).status_code == 500
    assert entries() == 0


@pytest.fixture
def opened(browser: Browser, site: str) -> Iterator[Opened]:
    """Pages of people who have signed in."""
    yield from open_in(browser, site)


@pytest.mark.long
@pytest.mark.browser
def test_a_browser_is_told_by_page_and_by_fragment(signed: Signed, opened: Opened) -> None:
    """In Chromium, what test_a_page_says_that_nothing_is_lost_and_whom_to_tell reads, and its fragment."""
    page = opened(WORKER, bypass_csp=True)
    page.goto(LIST)
    lose()
    page.evaluate("htmx.ajax('GET', '/orientations/', '#contenu')")
    expect(page.locator("#messages")).to_contain_text("momentanément indisponibles : rien n’a été enregistré")
    page.goto(LIST)
    expect(page.locator("h1")).to_have_text("Les dossiers sont momentanément fermés")
    look(page, "magasin_de_cles")
    put_back()
