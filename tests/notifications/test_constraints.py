"""What PostgreSQL refuses of a message, whoever writes it: words, and a link that leads elsewhere."""

from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction

from maillage.core.identifiers import uuid7
from maillage.core.row_security import acting
from maillage.notifications.actions import Draft, post
from maillage.notifications.models import Message
from maillage.organisations.models import Organisation

pytestmark = [pytest.mark.django_db, pytest.mark.security]
FINE = {"reference": "K7QM-3XTD", "path": "/orientations/0190a2b1-0000-7000-8000-000000000000/"}


def write(**changed: str) -> None:
    recipient = Organisation.objects.get(short_name="CPAM 42")
    with transaction.atomic(), acting(organisation=Organisation.objects.get(short_name="CCAS").id):
        known = FINE | changed
        post(
            [
                Draft(
                    once=str(uuid7()),
                    recipient=recipient.id,
                    kind="referral_sent",
                    reference=known["reference"],
                    path=known["path"],
                )
            ]
        )


def test_a_code_and_a_link_are_written() -> None:
    write()
    recipient = Organisation.objects.get(short_name="CPAM 42").id
    with transaction.atomic(), acting(organisation=recipient):
        assert list(Message.objects.values_list("reference", "path")) == [(FINE["reference"], FINE["path"])]


@pytest.mark.parametrize(
    "path",
    [
        "@elsewhere.example.org/",
        ".example.org/",
        "elsewhere/",
        "",
        "/?next=https:",
        "/a/\n/b/",
        "/Nom/",
        "https://example.org/",
    ],
)
def test_a_link_that_leaves_is_refused(path: str) -> None:
    with pytest.raises(IntegrityError, match="message_path_stays_here"):
        write(path=path)


@pytest.mark.parametrize("reference", ["Madame Exemple", "", "K7QM 3XTD", "K7QM\nBcc: x"])
def test_words_in_place_of_a_code_are_refused(reference: str) -> None:
    with pytest.raises(IntegrityError, match="message_reference_is_code"):
        write(reference=reference)


def posted(constraint: str, kind: str, **addresses: UUID | None) -> None:
    """This combination of addresses is refused by this constraint, to a person who may write to all of them."""
    given: dict[str, Any] = {"recipient": None} | addresses
    draft = Draft(once=str(uuid7()), kind=kind, reference=FINE["reference"], path=FINE["path"], **given)
    with (
        pytest.raises(IntegrityError, match=constraint),
        transaction.atomic(),
        acting(organisation=given["recipient"], user=given.get("account")),
    ):
        post([draft])


@pytest.mark.parametrize(
    "addresses",
    [
        ("recipient", "invitation", "referent"),
        ("recipient", "account"),
        ("account", "invitation"),
        ("account", "referent"),
        (),
    ],
)
def test_a_message_has_one_address(addresses: tuple[str, ...]) -> None:
    posted(
        "message_one_address",
        "account" if "account" in addresses else "referral_sent",
        **dict.fromkeys(addresses, uuid7()),
    )


def test_the_words_for_a_person_go_to_no_box_of_an_organisation() -> None:
    posted("message_to_an_account_says_so", "account", recipient=uuid7())
    posted("message_to_an_account_says_so", "referral_sent", account=uuid7())
