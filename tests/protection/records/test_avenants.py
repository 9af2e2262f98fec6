"""The avenants of an evidence folder: each with its own file, the articles before and after, and the very bytes that were signed."""

import io
import json
import zipfile
from hashlib import sha256
from uuid import UUID

import pytest

from maillage.conventions.amendments.models import Amendment
from maillage.conventions.drafting.export.amending import amendment_report
from maillage.conventions.lifecycle.queries import load
from maillage.documents.composition import Paragraph
from maillage.protection.records.bundling import bundle
from maillage.protection.records.folder import Asked
from tests.conventions.amendments.test_amendments import AT, LONGER, proposed_amendment, sign
from tests.conventions.people import CARSAT, CCAS, CPAM, DPO, member, seen
from tests.documents.reading import words_of

pytestmark = pytest.mark.django_db
NO_EFFECT_ON_ARTICLES = {"operation": "replace", "path": "parties[ccas].address", "value": "2 rue d’Exemple"}


def folder(convention: UUID) -> dict[str, bytes]:
    """The files of the folder of the caisse's officer."""
    with member(DPO, AT) as by:
        known = load(seen(by, convention))
        with bundle(Asked(known, by, AT, lambda verb, kind: (verb, kind))) as made:
            content = made.read()
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_a_signed_avenant_has_its_file_its_bytes_and_its_signatures(signed_s3: UUID) -> None:
    avenant = proposed_amendment(signed_s3, LONGER)
    for address in (CPAM, CARSAT, CCAS):
        sign(avenant, address)
    found = folder(signed_s3)
    with member(CPAM, AT):
        row = Amendment.objects.get(pk=avenant)
    assert sha256(found["avenants/1.json"]).hexdigest() == row.content_hash
    assert json.loads(found["avenants/1.json"])[1] == 1
    said = words_of(found["avenants/1.pdf"])
    assert "Avenant n° 1 : Objet" in said.replace("\u00a0", " ")
    assert "Avant" in said
    assert "À partir de l’avenant" in said
    assert row.content_hash in said.replace(" ", "")
    controls = words_of(found["audits-et-controles.pdf"]).replace("\u00a0", " ")
    assert "Avenant n° 1" in controls
    assert controls.count("3 signatures, toutes de cette") == 2
    assert "À regarder" not in controls


def test_only_the_articles_that_change_are_told_before_and_after(signed_s3: UUID) -> None:
    avenant = proposed_amendment(signed_s3, LONGER)
    with member(CPAM, AT) as actor:
        known = load(seen(actor, signed_s3))
        report = amendment_report(known, Amendment.objects.get(pk=avenant), [])
    changed = [part for part in report.parts if part.level == 2]
    assert len(changed) == 1
    assert changed[0].title == "Article 9.1 – Durée"
    told = [
        "".join(run.text for run in block.line) for block in changed[0].blocks if isinstance(block, Paragraph)
    ]
    assert ["durée de 1\u00a0an." in one for one in told] == [True, False, False, False]
    assert ["durée de 2\u00a0ans." in one for one in told] == [False, False, True, False]


def test_one_that_changes_no_article_says_so(signed_s3: UUID) -> None:
    avenant = proposed_amendment(signed_s3, NO_EFFECT_ON_ARTICLES)
    with member(CPAM, AT) as actor:
        known = load(seen(actor, signed_s3))
        report = amendment_report(known, Amendment.objects.get(pk=avenant), [])
    assert [part for part in report.parts if part.level == 2] == []


def test_an_avenant_that_not_all_signed_is_not_in_it(signed_s3: UUID) -> None:
    sign(proposed_amendment(signed_s3, LONGER), CPAM)
    assert not any(name.startswith("avenants/") for name in folder(signed_s3))
