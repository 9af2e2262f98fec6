"""Invitations: one live link, good once, for one address; and nothing told to whoever tries addresses or links."""

import threading
from datetime import date, timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, connections, transaction

from maillage.audit.models import Entry
from maillage.core.clock import now
from maillage.core.refusals import Refused
from maillage.notifications.models import Message
from maillage.notifications.sending import send_waiting
from maillage.organisations.member import arrive
from maillage.organisations.models import Invitation, Membership, User
from maillage.organisations.people.inviting import (
    accept,
    accept_as_newcomer,
    invitations_of,
    invite,
    invite_again,
    open_link,
    revoke_invitation,
)
from tests.days import today
from tests.organisations.people.team import (
    ADMINISTRATOR,
    NEWCOMER,
    STRANGER_ADMINISTRATOR,
    TWO_EMPLOYERS,
    WORKER,
    expired,
    guest,
    invited,
    link,
    member,
    organisation,
)

pytestmark = pytest.mark.usefixtures("fresh_database")
PASSWORD = "sept-girafes-au-marché"
OUTSIDER = "conseil@cpam.example.org"


def token(address: str) -> str:
    return address.split("/")[2]


def newcomer(address: str, name: str = "Nour Exemple") -> None:
    accept_as_newcomer(token=token(address), email=NEWCOMER, full_name=name, password=PASSWORD)


def as_someone(address: str) -> None:
    known = User.objects.get(email=address)
    arrive(user=known.id, user_name="", wanted=None, on=today())


def test_the_message_goes_to_the_address_with_a_link_that_no_table_holds() -> None:
    which = invited()
    message = Message.objects.using("owner").get(kind="invitation")
    assert (message.path, message.invitation_id) == ("/invitation/", which)
    send_as_worker()
    (sent,) = mail.outbox
    assert sent.to == [NEWCOMER]
    assert f"http://127.0.0.1:8000{link(which)}" in sent.body
    kept = str(
        [vars(row) for model in (Message, Invitation, Entry) for row in model.objects.using("owner").all()]
    )
    assert token(link(which)) not in kept
    for word in ("CCAS", "Montbrison", "Nour", "Intervenant", NEWCOMER):
        assert word not in f"{sent.body} {sent.subject}"


def send_as_worker() -> None:
    before = connections["default"].settings_dict
    connections["default"].close()
    connections["default"].settings_dict = connections["worker"].settings_dict
    try:
        send_waiting(now)
    finally:
        connections["default"].close()
        connections["default"].settings_dict = before


def test_a_newcomer_gets_her_account_her_roles_and_no_more() -> None:
    which = invited(roles=("partner_worker", "referent"), until=today() + timedelta(days=90))
    newcomer(link(which))
    made = User.objects.get(email=NEWCOMER)
    assert made.check_password(PASSWORD)
    rows = Membership.objects.using("owner").filter(user=made).order_by("role")
    assert [(row.organisation_id, row.role, row.until) for row in rows] == [
        (organisation(), "partner_worker", today() + timedelta(days=90)),
        (organisation(), "referent", today() + timedelta(days=90)),
    ]
    with transaction.atomic():
        assert arrive(user=made.id, user_name="", wanted=None, on=today()).waits  # H4 comes first
    entry = Entry.objects.using("owner").get(verb="invitation.accept")
    assert (entry.organisation_id, entry.user_id) == (organisation(), str(made.id))


def test_somebody_who_has_an_account_joins_under_her_own_address_only() -> None:
    which = invited(OUTSIDER)
    with transaction.atomic():
        as_someone(WORKER)
        with pytest.raises(Refused):
            accept(token=token(link(which)))
        found = open_link(token(link(which)))
        assert found is not None
        assert not found.is_hers
    with pytest.raises(Refused):
        newcomer(link(which))  # no second account under the same address
    with transaction.atomic():
        as_someone(OUTSIDER)
        assert accept(token=token(link(which))) == organisation()
    assert (
        Membership.objects.using("owner").filter(user__email=OUTSIDER, organisation=organisation()).count()
        == 1
    )


@pytest.mark.parametrize("state", ["accepted", "expired", "revoked"])
def test_a_closed_link_says_its_state_and_nothing_else(state: str) -> None:
    which = invited()
    if state == "accepted":
        newcomer(link(which))
    elif state == "expired":
        expired(which)
    else:
        with member(ADMINISTRATOR) as administrator:
            revoke_invitation(invitation=which, by=administrator)
    with transaction.atomic():
        found = open_link(token(link(which)))
    assert found is not None
    assert found.state == state
    assert (found.organisation, found.email, found.full_name, found.roles, found.has_account) == (
        "", "", "", (), False,
    )  # fmt: skip
    with pytest.raises(Refused):
        newcomer(link(which), "Autre Exemple")
    assert User.objects.filter(email=NEWCOMER).count() == (1 if state == "accepted" else 0)


def test_of_two_who_accept_at_once_one_does() -> None:
    which = invited()
    outcomes: list[str] = []

    def race() -> None:
        try:
            newcomer(link(which))
            outcomes.append("in")
        except Refused:
            outcomes.append("refused")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=race) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["in", "refused", "refused", "refused"]
    assert Membership.objects.using("owner").filter(user__email=NEWCOMER).count() == 1


def test_sending_again_kills_the_former_link_and_opens_an_expired_one() -> None:
    which = invited()
    expired(which)
    with member(ADMINISTRATOR) as administrator:
        invite_again(invitation=which, by=administrator, at=now())
    with transaction.atomic():
        assert open_link(token(link(which))) is None
        found = open_link(token(link(which, 2)))
        assert found is not None
        assert found.state == "open"
    row = Invitation.objects.using("owner").get(pk=which)
    assert row.sendings == 2
    assert row.expires_at > now()
    assert Message.objects.using("owner").filter(invitation_id=which).count() == 2


def test_an_address_is_invited_once_and_the_answer_never_tells_whether_it_has_an_account() -> None:
    for address in (NEWCOMER, OUTSIDER):
        invited(address)
        with member(ADMINISTRATOR) as administrator:
            with pytest.raises(Refused, match="attend déjà cette personne") as refused:
                invite(guest=guest(address.upper()), by=administrator, at=now())
            assert refused.value.field == "email"
    with member(ADMINISTRATOR) as administrator:
        shown = {
            row.email: (row.roles, row.sendings, row.accepted_at) for row in invitations_of(administrator)
        }
    assert shown[NEWCOMER] == shown[OUTSIDER]


WRONG = {
    "an address that is not one": ({"email": "personne"}, "email"),
    "no name": ({"full_name": " "}, "full_name"),
    "no role": ({"roles": ()}, "roles"),
    "a caisse's role at a partner": ({"roles": ("caisse_adviser",)}, "roles"),
    "a role that does not exist": ({"roles": ("chief",)}, "roles"),
    "a past": ({"since": date(2020, 1, 1)}, "since"),
    "an end before the beginning": ({"until": date(2020, 1, 1)}, "until"),
    "a member": ({"email": WORKER}, "email"),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_invitation_is_refused_at_its_field(case: str) -> None:
    changed, field = WRONG[case]
    with member(ADMINISTRATOR) as administrator, pytest.raises(Refused) as refused:
        invite(guest=guest(**changed), by=administrator, at=now())  # type: ignore[arg-type]  # on purpose
    assert refused.value.field == field
    assert not Invitation.objects.using("owner").exists()


def test_another_organisation_neither_sees_nor_touches_it() -> None:
    which = invited()
    with member(STRANGER_ADMINISTRATOR) as stranger:
        assert not invitations_of(stranger).exists()
        with pytest.raises(Refused):
            invite_again(invitation=which, by=stranger, at=now())
    with member(WORKER) as worker, pytest.raises(Refused):
        invite(guest=guest(), by=worker, at=now())


def test_a_used_or_closed_invitation_has_no_address_any_more() -> None:
    which = invited()
    with member(ADMINISTRATOR) as administrator:
        revoke_invitation(invitation=which, by=administrator)
        with pytest.raises(Refused, match="a été annulée"):
            revoke_invitation(invitation=which, by=administrator)
        with pytest.raises(Refused, match="a été annulée"):
            invite_again(invitation=which, by=administrator, at=now())
    send_as_worker()
    assert [one.to for one in mail.outbox] == []


def test_a_role_that_she_has_already_is_left_as_it_is() -> None:
    which = invited(TWO_EMPLOYERS.replace("deux", "trois"))
    Invitation.objects.using("owner").filter(pk=which).update(email=TWO_EMPLOYERS)
    with transaction.atomic():
        as_someone(TWO_EMPLOYERS)
        accept(token=token(link(which)))
    rows = Membership.objects.using("owner").filter(user__email=TWO_EMPLOYERS, organisation=organisation())
    assert rows.count() == 1


BROKEN: dict[str, dict[str, object]] = {
    "capitals": {"email": "A@example.org"},
    "dates": {"until": date(2000, 1, 1)},
    "accepted by nobody": {"accepted_at": now()},
    "revoked by nobody": {"revoked_at": now()},
    "used and closed": {
        "accepted_at": now(), "accepted_by": "0190a2b1-0000-7000-8000-000000000000",
        "revoked_at": now(), "revoked_by": "0190a2b1-0000-7000-8000-000000000000",
    },
    "expiry": {"expires_at": now() - timedelta(days=30)},
}  # fmt: skip


@pytest.mark.parametrize("case", BROKEN)
def test_the_table_refuses_what_cannot_be(case: str) -> None:
    which = invited()
    with pytest.raises(IntegrityError), transaction.atomic(using="owner"):
        Invitation.objects.using("owner").filter(pk=which).update(**BROKEN[case])


@pytest.mark.parametrize("forged", ["\0", "a\0b", "\u202e4\ufffdK\0\x15", "é" * 400])
def test_a_link_of_any_characters_is_one_that_nobody_sent(db: None, forged: str) -> None:
    assert open_link(forged) is None
