"""The CAF's own account: it reads its convention, the published counts of its report, and nobody's name on any page that it opens."""

import re
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import pytest
from django.test import Client

from maillage.organisations.models import User
from maillage.referrals import enrolments
from tests.conventions.people import worker_process
from tests.days import today
from tests.referrals.prado.world import MOTHER, enrol, plant_counts, sign_prado
from tests.referrals.world import ADVISER, CANARIES, organisation, send_referral, sign_convention
from tests.web.indicators.test_barred import words
from tests.web.referrals.conftest import plain

CAF, CAF_ADMIN = "referente@caf.example.org", "admin@caf.example.org"
MONTH = (today().replace(day=1) - timedelta(days=45)).replace(day=1)
"""A month that is over for a fortnight."""
NAMES = (
    "Quintessence",
    "QUINTESSENCE",
    "Ondine",
    MOTHER.phone,
    *(one for one in CANARIES if one != "lunettes"),
)
LINK = re.compile(r'href="(/[^"#?]*)')
MOST_PAGES = 120


@dataclass(frozen=True)
class Loire:
    """The CAF's convention with the caisse, a mother enrolled under it; another convention of the caisse, somebody sent under it."""

    convention: UUID
    mother: UUID
    other: UUID
    case: UUID

    @property
    def report(self) -> str:
        """The page of the CAF's figures."""
        return f"/bilans/{self.convention}/{MONTH.year}/"

    def refused(self) -> list[str]:
        """Cases, people, what is exported of them, and conventions that are not the CAF's."""
        prado, other = f"/orientations/prado/{self.convention}/", f"/bilans/{self.other}/{MONTH.year}/"
        return [
            "/orientations/", "/orientations/recherche/", "/orientations/nouvelle/", "/orientations/feuilles/",
            f"/orientations/{self.case}/", f"/orientations/{self.case}/papier/",
            prado, f"{prado}nouvelle/", f"/orientations/prado/inscriptions/{self.mother}/",
            "/droits/", f"/droits/{self.case}/", f"/conventions/{self.other}/", other, f"{other}csv/", f"{other}xlsx/",
        ]  # fmt: skip


def signed_in_the_loire() -> Loire:
    """Committed, with a month of PRADO that was told and a mother of this one."""
    convention, other = sign_prado(family="CAF 42"), sign_convention()
    mother, case, caisse = enrol(convention), send_referral(other), organisation("CPAM 42").pk
    maternities = [organisation(name).pk for name in ("CH d’Exemple", "CCAS", "CARSAT RA")]
    plant_counts([(convention, MONTH, {(caisse, one): (40, 25) for one in maternities})])
    with worker_process():
        assert enrolments.release() >= 1
    return Loire(convention, mother, other.id, case)


@pytest.fixture
def loire(fresh_database: object) -> Loire:
    return signed_in_the_loire()


def browse(address: str) -> Client:
    """A browser signed in as someone."""
    client = Client()
    client.force_login(User.objects.get(email=address), backend="maillage.web.accounts.backend.ClosedBackend")
    return client


def pages(client: Client, first: str = "/") -> dict[str, str]:
    """Every page and file to which links lead, from the first one on, as text."""
    found: dict[str, str] = {}
    to_read = [first]
    while to_read:
        address = to_read.pop(0)
        if address in found or len(found) == MOST_PAGES:
            continue
        answer = client.get(address, follow=True)
        found[address], address = "", answer.request["PATH_INFO"]
        content = b"".join(answer) if answer.streaming else answer.content
        kind = answer.headers["Content-Type"]
        found[address] = words(content, address) if kind.startswith("text/") or "sheet" in kind else ""
        links = LINK.findall(found[address]) if kind.startswith("text/html") else ()
        to_read += [one for one in links if not one.startswith("/static/")]
    return found


def test_it_reads_its_convention_and_the_published_counts(loire: Loire) -> None:
    client = browse(CAF)
    assert "PRADO" in plain(client.get("/conventions/"))
    assert "120" in plain(client.get(f"/conventions/{loire.convention}/"))
    page = plain(client.get(loire.report))
    for expected in ("62,5 %", "75 sur 120", "aucune donnée nominative", "0 convention"):
        assert expected in page
    for kind in ("csv", "xlsx"):
        answer = client.get(f"{loire.report}{kind}/")
        assert "120" in words(answer.getvalue(), f"{loire.report}{kind}/")


@pytest.mark.parametrize("address", [CAF, CAF_ADMIN])
def test_it_is_refused_cases_people_and_what_is_exported_of_them(loire: Loire, address: str) -> None:
    client = browse(address)
    for refused in loire.refused():
        assert client.get(refused).status_code in {403, 404}, refused


def test_a_caisse_that_works_on_them_opens_some_of_these(loire: Loire) -> None:
    """The control: they are there."""
    client = browse(ADVISER)
    opened = [one for one in loire.refused() if client.get(one).status_code == 200]
    assert f"/orientations/prado/inscriptions/{loire.mother}/" in opened
    assert "/orientations/" in opened
    assert len(opened) > 5


@pytest.mark.long
def test_no_page_nor_file_to_which_its_links_lead_names_anybody(loire: Loire) -> None:
    """Whatever it may open, where test_it_is_refused_cases_people_and_what_is_exported_of_them tries what it may not."""
    read = pages(browse(CAF))
    assert loire.report in read
    assert len(read) > 40
    assert [(address, name) for address, text in read.items() for name in NAMES if name in text] == []
