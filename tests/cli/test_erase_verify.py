"""`maillage erase verify`: a certificate that holds, one that was touched, one whose platform is another, one that lies here."""

from datetime import UTC
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connections

from maillage.cli import keeping
from maillage.cli.main import main
from maillage.core.clock import now
from maillage.documents.sealing import ensure_seal
from maillage.protection.destruction.countersigning import countersign
from tests.conventions.people import worker_process
from tests.protection.destruction.test_destroying import HOSPITAL_ADMIN, certificate, destroyed, ended
from tests.referrals.world import member
from tests.rights.world import Signed, send, sign


@pytest.fixture
def proof(fresh_database: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Signed, Path]:
    """The certificate of a destruction, as a file; the tests' own connections stand for those of the environment."""
    monkeypatch.setattr(keeping, "connect_as_keeper", lambda **_: None)
    signed = sign()
    send(signed)
    ended(signed)
    destroyed()
    path = tmp_path / "certificat.pdf"
    path.write_bytes(certificate(signed)[1])
    return signed, path


def said(path: Path, *more: str) -> int:
    with worker_process():
        return main(["erase", "verify", str(path), *more])


def test_a_whole_certificate_verifies(proof: tuple[Signed, Path], capsys: pytest.CaptureFixture[str]) -> None:
    assert said(proof[1]) == 0
    out = capsys.readouterr().out
    assert "Centre hospitalier d’Exemple" in out
    assert "1 dossier" in out
    assert "Certificat entier et vrai" in out
    assert "Pas encore contresigné par Centre hospitalier d’Exemple." in out


def test_a_countersigned_certificate_says_for_whom_and_when(
    proof: tuple[Signed, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    signed, path = proof
    with member(HOSPITAL_ADMIN) as by:
        countersign(row=certificate(signed)[0], by=by, at=now())
    path.write_bytes(certificate(signed)[1])
    assert said(path) == 0
    out = capsys.readouterr().out
    assert "Contresigné pour Centre hospitalier d’Exemple, " in out
    assert f", le {now().astimezone(UTC):%Y-%m-%d} à " in out
    assert "Pas encore contresigné" not in out


def test_a_certificate_that_was_touched_or_is_of_another_platform_does_not(
    proof: tuple[Signed, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    touched = bytearray(proof[1].read_bytes())
    touched[len(touched) // 3] ^= 1
    other = tmp_path / "touche.pdf"
    other.write_bytes(touched)
    assert said(other) == 1
    assert "altéré" in capsys.readouterr().err
    seal = tmp_path / "autre.pem"
    ensure_seal(seal, now())
    assert said(proof[1], "--seal", str(seal)) == 1
    assert "cette plateforme" in capsys.readouterr().err
    assert said(tmp_path / "absent.pdf") == 1
    assert "ne se lit pas" in capsys.readouterr().err
    assert Path(settings.SEAL).exists()


def test_a_database_where_something_opens_again_contradicts_it(
    proof: tuple[Signed, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    with connections["owner"].cursor() as owner:
        owner.execute(
            "UPDATE cases_participation SET sealed_key = 'x' WHERE convention_id = %s AND sealed_key = ''",
            [proof[0].id],
        )
    assert said(proof[1]) == 1
    assert "1 clé scellée reste dans la base" in capsys.readouterr().err
