"""Each kind of key renewed by a command of its own process: everything opens afterwards, nothing is left under the former one."""

from typing import Any

import pytest
from django.conf import settings

from maillage.cases.queries import keys_of, visible_to
from maillage.cli.main import main
from maillage.cli.plurals import counted
from maillage.core.crypto import DecryptionError
from maillage.core.database.settings import DatabaseUrls
from maillage.vault.actions import vault
from tests.cli.kept_world import Kept, groundwork, kept, pairs_of, raw, sealed_to, size
from tests.cli.keys import keys, keys_apart, other_master_key
from tests.referrals.world import ADVISER, WORKER, member, organisation

__all__ = ["groundwork", "kept", "size"]  # the fixtures of these tests

SEALED = "SELECT id, sealed_key FROM cases_participation ORDER BY id"
HELD = (
    "SELECT case_id, identity, narrative, situation FROM beneficiaries_beneficiary JOIN referrals_referral USING (case_id)"
    " ORDER BY case_id"
)


def test_a_new_pair_takes_the_place_of_the_former_one(kept: Kept, fresh_database: DatabaseUrls) -> None:
    before = {name: pairs_of(name)[0] for name in ("CCAS", "CPAM 42")}
    code, said, complained = keys(fresh_database, "rotate", "pairs")
    assert (code, said.count("l’ancienne clé privée est détruite")) == (0, len(organisations())), complained
    kept.read()
    for name, former in before.items():
        used, halves = pairs_of(name)
        assert used == halves != former
        assert sealed_to(name) <= {used[0].bytes}


def organisations() -> list[Any]:
    return raw("SELECT DISTINCT organisation_id FROM vault_publickey")


def test_one_organisation_may_be_asked_for_alone(kept: Kept, fresh_database: DatabaseUrls) -> None:
    before = pairs_of("CPAM 42")
    siret = organisation("CCAS").siret
    assert keys(fresh_database, "rotate", "pairs", "--siret", siret)[0] == 0
    assert pairs_of("CPAM 42") == before
    kept.read()


def test_a_new_key_of_the_store_takes_the_place_of_the_former_one(
    kept: Kept, fresh_database: DatabaseUrls
) -> None:
    holders = vault().store.holders()
    before, sealed = {holder: vault().store.key(*holder) for holder in holders}, raw(SEALED)
    code, _, complained = keys(fresh_database, "rotate", "store", role="owner")
    assert (code, vault().store.being_renewed(), vault().store.destroyed()) == (0, [], []), complained
    assert vault().store.holders() == holders
    assert all(vault().store.keys(*holder) != (before[holder],) for holder in holders)
    assert not {row[1] for row in sealed} & {row[1] for row in raw(SEALED)}
    assert raw("SELECT 1 FROM vault_erasure") == []  # renewing destroys no convention
    kept.read()


def test_a_case_gets_a_new_key_and_the_former_one_opens_nothing(
    kept: Kept, fresh_database: DatabaseUrls
) -> None:
    with member(ADVISER) as adviser:
        former = keys_of(visible_to(adviser))
    sealed, held = raw(SEALED), raw(HELD)
    code, said, complained = keys(fresh_database, "rotate", "cases")
    assert code == 0, complained
    assert counted(len(former), "dossier a", "dossiers ont") + " une nouvelle clé" in said
    kept.read()
    with member(ADVISER) as adviser:
        now = keys_of(visible_to(adviser))
    assert now.keys() == former.keys()
    assert not set(now.values()) & set(former.values())
    changed = {row[0] for row in sealed} - {row[0] for row in raw(SEALED) if row in sealed}
    assert (
        len(changed) == len(sealed) - 1
    )  # the part of the one who left keeps a key that opens nothing any more
    assert not {cell for row in held for cell in row[1:]} & {cell for row in raw(HELD) for cell in row[1:]}


def test_keys_already_new_are_left_alone_when_a_rotation_is_resumed(
    kept: Kept, fresh_database: DatabaseUrls
) -> None:
    _, said, _ = keys(fresh_database, "rotate", "cases")
    before = raw(SEALED)
    instant = said.split("--made-before ")[1].splitlines()[0]
    code, again, _ = keys(fresh_database, "rotate", "cases", "--made-before", instant)
    assert code == 0
    assert "0 dossier a une nouvelle clé" in again
    assert raw(SEALED) == before


def test_everything_passes_under_a_new_master_key_and_the_former_one_can_go(
    kept: Kept, fresh_database: DatabaseUrls, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys(fresh_database, "index", role="owner")
    former, new = settings.MASTER_KEY, other_master_key()
    both = {"MAILLAGE_MASTER_KEY": new, "MAILLAGE_MASTER_KEY_FORMER": former}
    code, said, _ = keys(fresh_database, "status", role="owner", **both)
    assert (code, "gardez l’ancienne" in said) == (1, True)
    monkeypatch.setattr(settings, "MASTER_KEY", new)
    with pytest.raises(DecryptionError):
        kept.read()  # the control: without the former one nothing opens yet
    monkeypatch.setattr(settings, "MASTER_KEY_FORMER", former)
    kept.read()
    code, said, complained = keys(fresh_database, "rotate", "master", role="owner", **both)
    assert (code, "l’ancienne peut être retirée" in said) == (0, True), complained
    monkeypatch.setattr(settings, "MASTER_KEY_FORMER", "")
    kept.read()
    assert keys(fresh_database, "status", role="owner")[0] == 0


def test_what_no_key_opens_is_counted_and_left_as_it_is(kept: Kept, fresh_database: DatabaseUrls) -> None:
    (part, sealed), *_ = raw(
        "SELECT id, sealed_key FROM cases_participation WHERE organisation_id = %s ORDER BY id",
        organisation("CCAS").id,
    )
    spoiled = sealed[:-1] + bytes([sealed[-1] ^ 1])
    raw("UPDATE cases_participation SET sealed_key = %s WHERE id = %s RETURNING id", spoiled, part)
    code, said, complained = keys(fresh_database, "rotate", "pairs", "--siret", organisation("CCAS").siret)
    assert (code, "l’ancienne clé privée reste" in said, "1 ne s’ouvre" in complained) == (1, True, True)
    assert raw("SELECT sealed_key FROM cases_participation WHERE id = %s", part) == [(spoiled,)]
    assert len(pairs_of("CCAS")[1]) == 2
    code, said, _ = keys(fresh_database, "status")
    assert (code, "une ancienne paire sert encore" in said) == (1, True)


def test_keys_of_a_destroyed_convention_keep_no_pair_alive(kept: Kept, fresh_database: DatabaseUrls) -> None:
    vault().store.destroy(organisation("CCAS").id, kept.signed.id)
    for kind in ("pairs", "store", "cases"):
        assert keys(fresh_database, "rotate", kind)[0] == 0
    assert len(pairs_of("CCAS")[1]) == 1
    with member(ADVISER) as adviser:
        assert set(kept.cases) <= keys_of(visible_to(adviser)).keys()
    with member(WORKER) as worker:
        assert keys_of(visible_to(worker)) == {}


USAGE = {
    "a kind that does not exist": (("rotate", "everything"), "n'est pas l'un de"),
    "no kind": (("rotate",), "il manque : kind"),
    "a batch of nothing": (("rotate", "pairs", "--batch", "0"), "'0' n'est pas une valeur possible"),
    "an instant without its zone": (
        ("rotate", "cases", "--made-before", "2026-01-01"),
        "'2026-01-01' n'est pas une valeur possible",
    ),
    "a backup nowhere": (("backup",), "il manque : file"),
    "a restore of nothing": (("restore",), "il manque : file --accept-loss"),
    "a restore of a loss": (("restore", "--accept-loss", "cles.tar"), "file ne va pas avec --accept-loss"),
}


@pytest.mark.parametrize("case", USAGE)
def test_a_wrong_call_is_refused_in_french(case: str, capsys: pytest.CaptureFixture[str]) -> None:
    words, expected = USAGE[case]
    with pytest.raises(SystemExit) as left:
        main(["keys", *words])
    complained = capsys.readouterr().err
    assert (left.value.code, expected in complained) == (2, True), complained


def test_without_a_master_key_or_a_role_nothing_is_done(fresh_database: DatabaseUrls) -> None:
    code, _, complained = keys(fresh_database, "status", MAILLAGE_MASTER_KEY="")
    assert (code, "La clé maîtresse manque" in complained) == (1, True)
    code, _, complained = keys(fresh_database, "rotate", "pairs", "--siret", "1")
    assert (code, "Aucun organisme n’a de clés sous le SIRET « 1 »" in complained) == (1, True)
    code, _, complained = keys_apart(fresh_database, "status", DATABASE_WORKER_URL="")
    assert (code, "nommez DATABASE_OWNER_URL ou DATABASE_WORKER_URL" in complained) == (1, True)
