"""What a convention lets one print: from its page, by its parties, and nothing for a flow that needs none."""

import pytest

from tests.web.conventions.conftest import CAISSE, PARTNER, S3, Signs, plain, sheet

pytestmark = pytest.mark.usefixtures("concluded")
MISAS = f"{sheet(S3)}papier/orientation_misas/"


def test_the_page_of_a_convention_leads_to_what_is_printed_for_each_flow(as_: Signs) -> None:
    page = plain(as_(PARTNER).get(sheet(S3)))
    for kind in ("information", "facile", "formulaire"):
        assert f'href="{MISAS}{kind}/"' in page
    assert f'href="{sheet(S3)}papier/appel_ssam/carte/"' in page
    assert "papier/suivi_indicateurs/" not in page


@pytest.mark.parametrize("kind", ["information", "facile", "formulaire"])
def test_each_sheet_is_a_pdf_shown_and_kept_by_no_cache(as_: Signs, kind: str) -> None:
    answer = as_(CAISSE).get(f"{MISAS}{kind}/")
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == f'inline; filename="{kind}.pdf"'
    assert "no-store" in answer["Cache-Control"]
    assert answer.content.startswith(b"%PDF-")


@pytest.mark.parametrize(
    "address", [f"{MISAS}carte/", f"{MISAS}autre/", f"{sheet(S3)}papier/inconnu/information/"]
)
def test_a_sheet_that_the_flow_does_not_have_is_unknown(as_: Signs, address: str) -> None:
    assert as_(PARTNER).get(address).status_code == 404
