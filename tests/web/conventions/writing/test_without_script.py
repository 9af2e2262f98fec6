"""A convention begun, proposed and signed without script: links and forms alone."""

import re
from pathlib import Path
from uuid import UUID

import pytest

from maillage.conventions.lifecycle.queries import load
from maillage.core.clock import now
from tests.conventions.people import CARSAT, CPAM, HOSPITAL, S2, member, ready, seen
from tests.without_script import Plain


@pytest.mark.django_db
def test_without_script_a_convention_is_begun_proposed_and_signed(kept: Path) -> None:
    writer = Plain(CPAM).open("/conventions/nouvelle/").check(name="template", value=S2)
    writer.fill("title", "Convention avec le CH d’Exemple").press("Commencer")
    assert "Brouillon créé" in writer.text("#messages")
    new = UUID(re.findall(r"/conventions/([0-9a-f-]+)/", writer.url)[0])
    for key, name in (("carsat", "CARSAT Rhône-Alpes"), ("hospital", "hospitalier")):
        writer.go(f"/redaction/parties/{key}/").check(name).press("Choisir")
        assert writer.url.endswith("/redaction/parties/")
    ready(new, now())
    assert "Le texte est prêt" in writer.open(f"/conventions/{new}/redaction/relecture/").text()
    assert "Convention proposée" in writer.press("Proposer aux parties").text("#messages")
    for who in (CPAM, CARSAT, HOSPITAL):
        signer = Plain(who).open(f"/conventions/{new}/signature/").fill("function", "Directrice")
        said = signer.enter("function").text("#messages")
        assert ("la convention est en vigueur" if who == HOSPITAL else "Reste à signer") in said
    with member(CPAM, now()) as reader:
        assert load(seen(reader, new)).row.state == "in_force"
