"""One file of the key store missing among others: noticed before another key is made, by the commands, and mended."""

from pathlib import Path
from uuid import UUID

import pytest
from django.conf import settings

from maillage.cases.actions import NotAuthorised, open_case
from maillage.core.database.settings import DatabaseUrls
from maillage.core.identifiers import uuid7
from maillage.core.refusals import Refused
from maillage.referrals import enrolments
from maillage.referrals.queries import file_of
from maillage.vault.actions import vault
from maillage.vault.store import KeyDestroyed, KeyMissing
from tests.cli.kept_world import Kept, groundwork, kept, raw
from tests.cli.keys import keys
from tests.referrals.prado.world import MOTHER, enrol, sign_prado
from tests.referrals.world import ADVISER, STRANGER, WORKER, member

__all__ = ["groundwork", "kept"]  # the fixtures of these tests

pytestmark = pytest.mark.security
GONE = "le magasin n’a plus la clé de"


@pytest.fixture(scope="module")
def size() -> dict[str, int]:
    return {"cases": 1, "drafts": 1}


def holder(kept: Kept, address: str = ADVISER) -> tuple[UUID, UUID]:
    with member(address) as someone:
        return someone.organisation, kept.signed.authorisation().convention_id


def lose(kept: Kept, address: str = ADVISER) -> Path:
    """Remove the one file of an organisation; where it was."""
    path = vault().store.path(*holder(kept, address))
    path.unlink()
    return path


@pytest.mark.parametrize("address", [WORKER, ADVISER])
def test_no_new_key_takes_the_place_of_a_lost_one(kept: Kept, address: str) -> None:
    path = lose(kept, address)
    with pytest.raises(KeyMissing) as found:
        kept.send()
    assert (found.value.organisation, found.value.convention) == holder(kept, address)
    assert not path.exists()


def test_the_commands_name_whose_it_is_and_a_backup_brings_it_back(
    kept: Kept, fresh_database: DatabaseUrls, tmp_path: Path
) -> None:
    file = tmp_path / "cles.tar"
    assert keys(fresh_database, "backup", str(file))[0] == 0
    assert keys(fresh_database, "status")[0] == 0
    body, convention = holder(kept)
    lose(kept)
    for words in (("status",), ("backup", str(tmp_path / "amputée.tar")), ("rotate", "cases")):
        code, _, complained = keys(fresh_database, *words)
        assert (code, GONE in complained, "keys restore FICHIER" in complained) == (1, True, True), words
        assert str(convention) in complained
        assert (
            raw("SELECT short_name FROM organisations_organisation WHERE id = %s", body)[0][0] in complained
        )
        assert raw("SELECT title FROM conventions_convention WHERE id = %s", convention)[0][0] in complained
    assert keys(fresh_database, "restore", str(file))[0] == 0
    kept.read()
    kept.send()
    assert keys(fresh_database, "status")[0] == 0


def test_a_loss_of_one_key_is_accepted_by_the_owner_and_the_next_one_is_noticed_again(
    kept: Kept, fresh_database: DatabaseUrls, tmp_path: Path
) -> None:
    file = tmp_path / "cles.tar"
    keys(fresh_database, "backup", str(file))
    lose(kept)
    assert keys(fresh_database, "restore", "--accept-loss")[0] == 1
    code, said, complained = keys(fresh_database, "restore", "--accept-loss", role="owner")
    assert (code, "1 clé perdue, une autre" in said, "autre magasin" in said) == (0, True, False), complained
    assert keys(fresh_database, "status")[0] == 0
    assert raw("SELECT count(*) FROM audit_entry WHERE object_type = 'vault_acceptedloss'")[0][0] == 1
    kept.send()
    lose(kept)
    with pytest.raises(KeyMissing):
        kept.send()
    assert keys(fresh_database, "restore", "--accept-loss", role="owner")[0] == 0
    kept.send()
    assert keys(fresh_database, "restore", str(file))[0] == 0  # found later: what it closed opens again
    with member(ADVISER) as adviser:
        assert file_of(adviser, kept.cases[0]).identity is not None


def test_a_destroyed_key_is_not_a_lost_one(kept: Kept, fresh_database: DatabaseUrls) -> None:
    body, convention = holder(kept)
    vault().store.destroy(body, convention)
    with pytest.raises(KeyDestroyed):
        kept.send()
    raw(
        "INSERT INTO vault_erasure (id, organisation_id, scope, reference, reason)"
        " VALUES (gen_random_uuid(), %s, 'convention', %s, 'terme') RETURNING 1",
        body,
        str(convention),
    )
    for path in settings.KEY_STORE.rglob("*.destroyed"):
        path.unlink()  # a store restored from before: the ledger still says it
    with pytest.raises(KeyDestroyed):
        kept.send()
    code, _, complained = keys(fresh_database, "status")
    assert (code, GONE in complained) == (0, False), complained


def test_a_lost_key_is_told_to_the_operator_when_a_page_needs_it(
    kept: Kept, caplog: pytest.LogCaptureFixture
) -> None:
    body, convention = holder(kept)
    lose(kept)
    with member(ADVISER) as adviser:
        assert file_of(adviser, kept.cases[0]).identity is None
    assert f"no key of organisation {body} for convention {convention}" in caplog.text


def test_a_stranger_learns_nothing_of_a_key_and_makes_none(kept: Kept) -> None:
    under, path = kept.signed.authorisation(), lose(kept)
    with member(STRANGER), pytest.raises(NotAuthorised):
        open_case(case=uuid7(), under=under, kind="referral", urgent=False)
    assert not path.exists()


def test_the_key_of_enrolments_alone_is_counted_on_too(
    kept: Kept, fresh_database: DatabaseUrls, tmp_path: Path
) -> None:
    """Under PRADO's convention there is no case: its enrolments alone say that a key must be there."""
    convention, file = sign_prado(), tmp_path / "cles.tar"
    enrolment = enrol(convention)
    assert keys(fresh_database, "backup", str(file))[0] == 0
    with member(ADVISER) as adviser:
        path = vault().store.path(adviser.organisation, convention)
    path.unlink()
    code, _, complained = keys(fresh_database, "status")
    assert (code, GONE in complained, str(convention) in complained) == (1, True, True)
    with pytest.raises(Refused):
        enrol(convention)
    assert not path.exists()
    assert keys(fresh_database, "restore", str(file))[0] == 0
    assert keys(fresh_database, "status")[0] == 0
    with member(ADVISER) as adviser:
        assert enrolments.read(adviser, enrolment).mother == MOTHER
