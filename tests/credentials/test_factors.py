"""Second factors: a code serves once whoever receives it, a secret opens for its own row, a copied key is refused."""

import base64
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import psycopg
import pytest
from django.db import IntegrityError, connection, connections, transaction

from maillage.audit.models import Entry
from maillage.core import crypto
from maillage.core.clock import now
from maillage.core.database.settings import DatabaseUrls
from maillage.core.refusals import Refused
from maillage.core.row_security import acting
from maillage.credentials import rules
from maillage.credentials.actions import (
    add_application,
    factors_of,
    open_for,
    proves,
    remove_factor,
    renew_recovery_codes,
    seal_for,
    use_code,
    use_key,
)
from maillage.credentials.models import Factor, FactorKind
from maillage.credentials.rewrapping import factors_under_former, rewrap_factors
from maillage.vault.renewing import Done
from tests.credentials.people import (
    ADVISER,
    LONG_AGO,
    SITE,
    SoftKey,
    challenge,
    code_of,
    someone,
    with_application,
    with_codes,
    with_key,
)


@pytest.mark.django_db
def test_the_code_of_the_moment_proves_once() -> None:
    user = someone()
    secret = with_application(user)
    code = code_of(secret)
    proved = use_code(user=user, code=f"{code[:3]} {code[3:]}", at=now())
    assert proved is not None
    assert proved.used_at is not None
    assert use_code(user=user, code=code, at=now()) is None
    assert use_code(user=user, code=code_of(secret, ahead=-1), at=now()) is None
    assert use_code(user=user, code=code_of(secret, ahead=1), at=now()) is not None


@pytest.mark.django_db
def test_the_code_of_somebody_else_proves_nothing() -> None:
    secret = with_application(someone())
    with_application(someone(ADVISER))
    assert use_code(user=someone(ADVISER), code=code_of(secret), at=now()) is None
    assert use_code(user=someone(), code=code_of(secret), at=now()) is not None


@pytest.mark.django_db
@pytest.mark.parametrize("code", ["", "000", "abcdef", "١٢٣٤٥٦", "0" * 30, "\x00"])
def test_what_is_no_code_proves_nothing(code: str) -> None:
    user = someone()
    with_application(user)
    with_codes(user)
    assert use_code(user=user, code=code, at=now()) is None


@pytest.mark.django_db
def test_the_code_that_put_an_application_in_place_does_not_sign_in() -> None:
    user, secret = someone(), rules.new_secret()
    code = code_of(secret)
    add_application(user=user, secret=secret, code=code, at=now())
    assert use_code(user=user, code=code, at=now()) is None


@pytest.mark.django_db
def test_a_wrong_code_puts_nothing_in_place_and_there_is_one_application() -> None:
    user, secret = someone(), rules.new_secret()
    with pytest.raises(Refused, match="celui du moment"):
        add_application(user=user, secret=secret, code=code_of(secret, ahead=9), at=now())
    assert factors_of(user) == []
    with_application(user)
    with pytest.raises(Refused, match="déjà en place"):
        add_application(user=user, secret=secret, code=code_of(secret), at=now())


def test_of_many_processes_at_once_one_accepts_a_code(fresh_database: DatabaseUrls) -> None:
    user = someone()
    secret = with_application(user)
    code, at = code_of(secret), now()

    def one(_number: int) -> bool:
        try:
            return use_code(user=user, code=code, at=at) is not None
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as processes:
        assert sum(processes.map(one, range(16))) == 1


@pytest.mark.django_db
def test_a_recovery_code_serves_once_and_new_ones_end_the_former() -> None:
    user = someone()
    with_application(user)
    codes = with_codes(user)
    assert len(set(codes)) == rules.RECOVERY_CODES
    assert use_code(user=user, code=rules.shown(codes[0]).lower(), at=now()) is not None
    assert use_code(user=user, code=codes[0], at=now()) is None
    assert use_code(user=user, code=codes[1], at=now()) is not None
    fresh = renew_recovery_codes(user=user, at=now())
    assert use_code(user=user, code=codes[2], at=now()) is None
    assert use_code(user=user, code=fresh[2], at=now()) is not None


def test_neither_secret_nor_code_stands_in_the_database(fresh_database: DatabaseUrls) -> None:
    user = someone()
    secret, codes = with_application(user), with_codes(user)
    with psycopg.connect(fresh_database.owner) as owner:
        rows = str(owner.execute("SELECT f::text, f.sealed FROM credentials_factor f").fetchall())
        journal = str(owner.execute("SELECT e::text FROM audit_entry e").fetchall())
    assert user.id.hex in rows.replace("-", "")  # the detector reads the table
    for word in (secret, *codes):
        assert word not in rows + journal
        assert word.encode().hex() not in rows


def test_a_secret_moved_to_another_row_opens_nothing(fresh_database: DatabaseUrls) -> None:
    mine, hers = someone(), someone(ADVISER)
    secret = with_application(mine)
    with_application(hers)
    with psycopg.connect(fresh_database.owner, autocommit=True) as owner:
        owner.execute(
            "UPDATE credentials_factor SET sealed = (SELECT sealed FROM credentials_factor WHERE user_id = %s), counter = 0"
            " WHERE user_id = %s",
            [mine.id, hers.id],
        )
    with pytest.raises(crypto.DecryptionError):
        use_code(user=hers, code=code_of(secret), at=now())


def test_an_enrolment_is_sealed_for_its_person() -> None:
    mine, hers = type("U", (), {"id": 1})(), type("U", (), {"id": 2})()
    sealed = seal_for(mine, "SECRET")
    assert "SECRET" not in sealed
    assert open_for(mine, sealed) == "SECRET"
    with pytest.raises(crypto.DecryptionError):
        open_for(hers, sealed)


def test_a_rotation_of_the_master_key_takes_the_secrets_along(
    fresh_database: DatabaseUrls, settings: Any
) -> None:
    user = someone()
    secret, codes = with_application(user), with_codes(user)
    former = settings.MASTER_KEY
    settings.MASTER_KEY, settings.MASTER_KEY_FORMER = base64.b64encode(b"n" * 32).decode(), former
    assert factors_under_former() == 2
    assert rewrap_factors() == Done(changed=2)
    assert factors_under_former() == 0
    settings.MASTER_KEY_FORMER = ""
    assert use_code(user=user, code=code_of(secret), at=now()) is not None
    assert use_code(user=user, code=codes[0], at=now()) is not None
    settings.MASTER_KEY = former
    with pytest.raises(crypto.DecryptionError):
        use_code(user=user, code=code_of(secret, ahead=1), at=now())


@pytest.mark.django_db
def test_a_key_answers_its_own_challenge_for_its_own_site() -> None:
    user, key = someone(), SoftKey()
    factor = with_key(user, key)

    def proved(asked: Any, answer: Any) -> bool:
        return use_key(user=user, answer=answer, state=asked.state, site=SITE, at=now()) is not None

    first, second = challenge(factor), challenge(factor)
    assert not proved(second, key.sign(first.options))
    elsewhere = replace(SITE, origin="http://localhost:9999")
    assert not proved(first, replace(key, site=elsewhere).sign(first.options))
    other = replace(SITE, domain="example.org")
    assert not proved(first, replace(key, site=other).sign(first.options))
    assert not proved(
        first, replace(SoftKey(), counter=50).sign(first.options)
    )  # another key under the same name
    assert proved(first, key.sign(first.options))


@pytest.mark.django_db
def test_a_key_that_counts_backwards_was_copied() -> None:
    user, key = someone(), SoftKey()
    factor = with_key(user, key)
    copy = replace(key)
    asked = challenge(factor)
    assert use_key(user=user, answer=key.sign(asked.options), state=asked.state, site=SITE, at=now())
    again = challenge(factor)
    assert not use_key(user=user, answer=copy.sign(again.options), state=again.state, site=SITE, at=now())
    assert use_key(user=user, answer=key.sign(again.options), state=again.state, site=SITE, at=now())


@pytest.mark.django_db
def test_a_key_that_never_counts_is_accepted() -> None:
    user, key = someone(), SoftKey(counter=0)
    factor = with_key(user, key)
    for _ in range(2):
        key.counter = -1
        asked = challenge(factor)
        assert use_key(user=user, answer=key.sign(asked.options), state=asked.state, site=SITE, at=now())


@pytest.mark.django_db
@pytest.mark.parametrize(
    "answer", [None, [], "x", 3, {}, {"id": 1}, {"id": "a", "rawId": "a", "type": "x", "response": {}}]
)
def test_a_malformed_answer_proves_nothing(answer: Any) -> None:
    user = someone()
    asked = challenge(with_key(user, SoftKey()))
    assert use_key(user=user, answer=answer, state=asked.state, site=SITE, at=now()) is None
    assert use_key(user=user, answer=answer, state=None, site=SITE, at=now()) is None


@pytest.mark.django_db
def test_the_last_one_takes_the_codes_with_it_unless_one_is_required() -> None:
    user = someone()
    with_application(user)
    with_codes(user)
    (application,) = [one for one in factors_of(user) if one.kind == FactorKind.APPLICATION]
    with pytest.raises(Refused, match="dernier"):
        remove_factor(user=user, factor=application.id, required=True, at=now())
    assert not remove_factor(user=someone(ADVISER), factor=application.id, required=False, at=now())
    assert remove_factor(user=user, factor=application.id, required=False, at=now())
    assert factors_of(user) == []
    assert not remove_factor(user=user, factor=application.id, required=False, at=now())


def test_codes_alone_ask_for_nothing_at_sign_in() -> None:
    assert not proves([Factor(kind=FactorKind.RECOVERY)])
    assert proves([Factor(kind=FactorKind.RECOVERY), Factor(kind=FactorKind.KEY)])


def test_adding_and_removing_are_journalled_in_her_name(fresh_database: object) -> None:
    user = someone()
    with_application(user)
    with transaction.atomic():
        (application,) = factors_of(user)
        remove_factor(user=user, factor=application.id, required=False, at=now())
    entries = Entry.objects.using("owner").filter(object_ref=str(application.id))
    verbs = set(entries.values_list("verb", flat=True))
    assert {"factor.add", "factor.remove"} <= verbs
    assert set(entries.values_list("user_id", flat=True)) == {str(user.id)}


CONSTRAINTS: dict[str, dict[str, Any]] = {
    "factor_holds_its_kind": {"kind": "key", "sealed": b"x"},
    "factor_dates_ordered": {"kind": "recovery", "sealed": b"x", "used_at": LONG_AGO},
}


@pytest.mark.django_db
@pytest.mark.parametrize("name", CONSTRAINTS)
def test_the_database_keeps_what_a_factor_is(name: str) -> None:
    user = someone()
    with (
        acting(organisation=None, user=user.id),
        pytest.raises(IntegrityError, match=name),
        transaction.atomic(),
    ):
        Factor.objects.create(user=user, created_at=now(), **CONSTRAINTS[name])


@pytest.mark.django_db
def test_a_kind_that_does_not_exist_is_refused() -> None:
    user = someone()
    with (
        acting(organisation=None, user=user.id),
        pytest.raises(IntegrityError, match="factor_holds_its_kind"),
        transaction.atomic(),
    ):
        Factor.objects.create(user=user, kind="pigeon", sealed=b"x", credential=b"x", created_at=now())


@pytest.mark.django_db
def test_there_is_one_application_and_one_set_of_codes() -> None:
    user = someone()
    with_codes(user)
    with (
        acting(organisation=None, user=user.id),
        pytest.raises(IntegrityError, match="factor_one_of_a_kind"),
        transaction.atomic(),
    ):
        Factor.objects.create(user=user, kind="recovery", sealed=b"x", created_at=now())


@pytest.mark.django_db
def test_nobody_adds_a_factor_for_somebody_else() -> None:
    hers = someone(ADVISER)
    with acting(organisation=None, user=someone().id), connection.cursor() as cursor:
        with pytest.raises(Exception, match="row-level security"), transaction.atomic():
            Factor.objects.create(user=hers, kind="key", credential=b"x", created_at=now())
        cursor.execute("SELECT count(*) FROM credentials_factor")
        assert cursor.fetchone() == (0,)
