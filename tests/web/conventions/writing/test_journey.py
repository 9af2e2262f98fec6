"""The whole journey through the pages: S2 drawn by the caisse's référente, filled, proposed, signed by three, in force."""

import re
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from maillage.conventions.lifecycle.queries import load
from maillage.conventions.terms import terms_data
from maillage.conventions.terms.editing import at, steps_of
from maillage.core.clock import now
from tests.conventions.people import CARSAT, CPAM, HOSPITAL, S2, body, member, seen
from tests.days import today
from tests.web.conventions.writing.conftest import Signs, hidden, plain, writes

pytestmark = pytest.mark.django_db
KEPT = {"services": "services[agent_delegue]", "g_collaborations": "objectives[consolider]"}


def begun(caisse: Client) -> UUID:
    page = caisse.get("/conventions/nouvelle/")
    answer = caisse.post(
        "/conventions/nouvelle/",
        {"token": hidden(page, "token"), "template": S2, "title": "Convention avec le CH d’Exemple"},
    )
    assert answer.status_code == 302, plain(answer)
    return UUID(answer["Location"].split("/")[2])


def typed(page: Any) -> dict[str, str]:
    """An answer to each question of a page, as someone would give it: the first choice, else words that suit."""
    html = plain(page)
    given: dict[str, str] = {}
    for name, value in re.findall(r'<input type="radio" name="(q\d+)" value="([^"]+)"', html):
        given.setdefault(name, value)
    for name in re.findall(r'<textarea name="(q\d+)"', html):
        given[name] = "Convenu entre les parties"
    for name in re.findall(r'<input type="text" name="(q\d+)"', html):
        label = re.search(rf'<label for="id_{name}">(.*?)</label>', html, re.DOTALL)
        said = label.group(1) if label else ""
        given[name] = (
            "12"
            if "Nombre" in said
            else "2 ans après le dernier contact"
            if "conservation" in said
            else "25 jours"
        )
    return given


def fill_everything(caisse: Client, base: str) -> None:
    page = caisse.get(f"{base}blancs/?article=1")
    for number in range(1, 1 + len(set(re.findall(r"\?article=\d+", plain(page)))) + 1):
        address = f"{base}blancs/?article={number}"
        page = caisse.get(address)
        if page.status_code == 200:
            answer = caisse.post(address, {"seen": hidden(page, "seen"), **typed(page)})
            assert answer.status_code == 302, plain(answer)
    for slug in ("parties", "referents"):
        answer = writes(caisse, f"{base}{slug}/", typed(caisse.get(f"{base}{slug}/")))
        assert answer.status_code == 302, plain(answer)


def signs(person: Client, convention: UUID, **changes: Any) -> Any:
    address = f"/conventions/{convention}/signature/"
    page = person.get(address)
    values = {
        "token": hidden(page, "token"),
        "seen_hash": hidden(page, "seen_hash"),
        "signed_on": today().strftime("%d/%m/%Y"),
        "function": "Directrice",
    }
    return person.post(address, {**values, **changes}, follow=True)


def test_s2_is_drawn_filled_proposed_signed_by_three_and_in_force(as_: Signs) -> None:
    caisse = as_(CPAM)
    new = begun(caisse)
    base = f"/conventions/{new}/redaction/"
    for key in ("carsat", "hospital"):
        address = f"{base}parties/{key}/?q=exemple" if key == "hospital" else f"{base}parties/{key}/"
        assert body(key).name in plain(caisse.get(address))
        answer = caisse.post(address, {"organisation": str(body(key).id)})
        assert answer.status_code == 302, plain(answer)
    assert writes(caisse, f"{base}options/", KEPT).status_code == 302
    fill_everything(caisse, base)
    reread = plain(caisse.get(f"{base}relecture/"))
    assert "Le texte est prêt" in reread, reread[:4000]
    answer = caisse.post(f"/conventions/{new}/proposition/", follow=True)
    assert "Convention proposée" in plain(answer)

    assert "Reste à signer : CARSAT RA, CH d’Exemple" in plain(signs(caisse, new))
    assert "Reste à signer : CH d’Exemple" in plain(signs(as_(CARSAT), new))
    last = plain(signs(as_(HOSPITAL), new, function="Directeur"))
    assert "Toutes les parties ont signé : la convention est en vigueur" in last
    with member(CPAM, now()) as reader:
        known = load(seen(reader, new))
    assert known.row.state == "in_force"
    assert known.row.starts_on == today()
    data = terms_data(known.base)
    assert at(data, steps_of("services[agent_delegue].chosen")) is True
    assert {one["key"] for one in data["objectives"]} >= {"consolider"}
    assert "etablir" not in {one["key"] for one in data["objectives"]}
    assert at(data, steps_of("clocks[c2s].thresholds")) == ["25d"]
