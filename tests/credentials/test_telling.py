"""A person is told when what opens her account changes: once, at her own address, in words that say nothing of her."""

from collections.abc import Callable
from uuid import UUID

import pytest
from django.core import mail
from django.db import ProgrammingError, connections, transaction
from django.test import Client

from maillage.core.clock import now
from maillage.core.identifiers import uuid7
from maillage.core.refusals import Refused
from maillage.core.row_security import acting
from maillage.credentials import rules
from maillage.credentials.actions import add_application, factors_of, open_for, remove_factor, use_key
from maillage.credentials.identities import link
from maillage.credentials.models import Factor, FactorKind, Identity
from maillage.credentials.reopening import reopen_account
from maillage.demo.cast import PASSWORD
from maillage.notifications.actions import Draft, post
from maillage.notifications.models import Message
from maillage.notifications.sending import send_waiting
from maillage.organisations.models import Membership, Organisation, User
from maillage.organisations.people.actions import change_password
from maillage.organisations.people.notifications import tell_owner
from tests.credentials.people import (
    ADVISER,
    LONG_AGO,
    SITE,
    WORKER,
    SoftKey,
    challenge,
    code_of,
    someone,
    with_application,
    with_codes,
    with_key,
)

NEW = "sept-girafes-au-marché"
ISSUER = "https://connexion.example.org"


def told(user: User | None = None) -> list[Message]:
    """What the outbox holds for her; by the owner, since nobody else reads it all."""
    return list(Message.objects.using("owner").filter(account_id=(user or someone()).id))


def application_of(user: User) -> Factor:
    with transaction.atomic():
        return next(one for one in factors_of(user) if one.kind == FactorKind.APPLICATION)


def remove(user: User) -> None:
    remove_factor(user=user, factor=application_of(user).id, required=False, at=now())


def copied(user: User) -> None:
    key = SoftKey()
    kept = with_key(user, key)
    Message.objects.using("owner").all().delete()
    for _ in range(3):  # the copy tries again: it is the same copy
        key.counter = 0
        asked = challenge(kept)
        assert (
            use_key(user=user, answer=key.sign(asked.options), state=asked.state, site=SITE, at=now()) is None
        )


def new_password(user: User) -> None:
    with transaction.atomic(), acting(organisation=None, user=user.id):
        change_password(user=user, password=NEW, by=None, at=now())


def tie(user: User) -> None:
    link(user=user, issuer=ISSUER, subject="a", at=now())


def reopen(user: User) -> None:
    reopen_account(user=user, password=NEW, forget_factors=True, by=None, at=now(), using="owner")


CHANGES: dict[str, Callable[[User], object]] = {
    "an application added": with_application,
    "a key added": lambda user: with_key(user, SoftKey()),
    "a key found copied": copied,
    "codes renewed": with_codes,
    "a factor removed": remove,
    "the password changed": new_password,
    "an identity tied": tie,
    "all of it taken away by the operator": reopen,
}
BEFORE: dict[str, Callable[[User], object]] = {
    "a factor removed": with_application,
    "all of it taken away by the operator": tie,
}


@pytest.mark.parametrize("change", CHANGES)
def test_each_change_is_told_once_to_her_address_whoever_she_works_for(
    fresh_database: object, change: str
) -> None:
    user = someone()
    Membership.objects.using("owner").filter(user=user).update(since=LONG_AGO, until=LONG_AGO)  # at the door
    if change in BEFORE:
        BEFORE[change](user)
    Message.objects.using("owner").all().delete()
    CHANGES[change](user)
    (message,) = told()
    assert message.recipient_id is None
    send_as_worker()
    (sent,) = mail.outbox
    assert sent.to == [WORKER]
    assert "http://127.0.0.1:8000/mon-compte/sessions/" in sent.body
    assert f"Référence : {message.reference}" in sent.body
    assert "Si ce n’est pas vous" in sent.body
    said = f"{sent.subject} {sent.body}".lower()
    personal = (
        *user.full_name.lower().split(), WORKER, str(user.id), "ccas", "montbrison", "application", "secours", "connexion.example", NEW,
    )  # fmt: skip
    assert [word for word in personal if word in said] == []


def send_as_worker() -> None:
    before = connections["default"].settings_dict
    connections["default"].close()
    connections["default"].settings_dict = connections["worker"].settings_dict
    try:
        send_waiting(now)
    finally:
        connections["default"].close()
        connections["default"].settings_dict = before


def test_an_account_closed_in_the_meantime_is_told_all_the_same(fresh_database: object) -> None:
    new_password(someone())
    User.objects.using("owner").filter(email=WORKER).update(is_active=False)
    send_as_worker()
    assert [sent.to for sent in mail.outbox] == [[WORKER]]


def test_an_account_that_is_not_there_is_sent_nothing(fresh_database: object) -> None:
    gone = uuid7()
    with transaction.atomic(), acting(organisation=None, user=gone):
        tell_owner(user=gone, change="gone")
    send_as_worker()
    assert mail.outbox == []
    assert Message.objects.using("owner").get(account_id=gone).failed_at is not None


REFUSED: dict[str, Callable[[User], object]] = {
    "a wrong code": lambda user: refused(lambda: with_wrong_code(user)),
    "the last factor": lambda user: refused(
        lambda: remove_factor(user=user, factor=application_of(user).id, required=True, at=now())
    ),
    "somebody else's factor": lambda user: remove_factor(
        user=someone(ADVISER), factor=application_of(user).id, required=False, at=now()
    ),
    "a short password": lambda user: refused(
        lambda: change_password(user=user, password="court", by=None, at=now())
    ),
    "a second identity": lambda user: link(user=user, issuer=ISSUER, subject="b", at=now()),
    "a short password by the operator": lambda user: refused(
        lambda: reopen_account(
            user=user, password="court", forget_factors=True, by=None, at=now(), using="owner"
        )
    ),
}


def refused(act: Callable[[], object]) -> None:
    with pytest.raises(Refused):
        act()


def with_wrong_code(user: User) -> None:
    secret = rules.new_secret()
    add_application(user=user, secret=secret, code=code_of(secret, ahead=9), at=now())


@pytest.mark.parametrize("change", REFUSED)
def test_what_was_refused_is_not_told(fresh_database: object, change: str) -> None:
    user = someone()
    with_application(user)
    tie(user)
    Message.objects.using("owner").all().delete()
    REFUSED[change](user)
    assert not Message.objects.using("owner").exists()


def test_what_is_rolled_back_is_not_told(fresh_database: object) -> None:
    user = someone()
    with transaction.atomic():
        with_codes(user)
        transaction.set_rollback(True)
    assert told() == []


def test_the_codes_that_a_first_factor_brings_are_one_message_with_it(fresh_database: object) -> None:
    user, client = someone(), Client()
    client.post("/connexion/", {"login": WORKER, "password": PASSWORD})
    client.get("/mon-compte/second-facteur/application/")
    secret = scanned(client, user)
    page = client.post("/mon-compte/second-facteur/application/", {"code": code_of(secret)})
    assert page.status_code == 200
    with transaction.atomic():
        assert {one.kind for one in factors_of(user)} == {"application", "recovery"}
    assert len(told()) == 1
    client.post("/mon-compte/second-facteur/codes/")
    assert len(told()) == 2


def scanned(client: Client, user: User) -> str:
    return open_for(user, client.session["application_secret"])


def test_a_password_changed_on_its_page_is_told_and_a_refused_one_is_not(fresh_database: object) -> None:
    client = Client()
    client.post("/connexion/", {"login": WORKER, "password": PASSWORD})
    address = "/mon-compte/mot-de-passe/"
    client.post(address, {"current": "pas-le-bon", "password": NEW, "again": NEW})
    assert told() == []
    client.post(address, {"current": PASSWORD, "password": NEW, "again": NEW})
    assert len(told()) == 1


@pytest.mark.security
@pytest.mark.django_db
def test_nobody_writes_to_the_account_of_somebody_else_nor_reads_what_it_was_told() -> None:
    hers, mine = someone(ADVISER), someone()
    colleagues = Organisation.objects.get(short_name="CPAM 42").id
    with acting(organisation=None, user=hers.id):
        tell_owner(user=hers.id, change="x")
        assert Message.objects.count() == 1
    contexts: list[tuple[UUID | None, UUID | None]] = [
        (colleagues, mine.id),
        (colleagues, None),
        (None, None),
    ]
    for organisation, user in contexts:
        with acting(organisation=organisation, user=user):
            assert not Message.objects.filter(account_id=hers.id).exists()
            with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
                tell_owner(user=hers.id, change="y")
            with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
                post([Draft("forged", None, "account", "S-2", "/", account=hers.id)])


@pytest.mark.django_db
def test_an_identity_is_told_to_the_account_that_it_opens_only() -> None:
    tie(someone())
    with acting(organisation=None, user=someone(ADVISER).id):
        assert not Message.objects.exists()
        assert not Identity.objects.exists()
