"""What leaves the outbox for referents: to the box of each tenure that runs, read from its row when the message leaves."""

from datetime import datetime

import pytest
from django.core import mail
from django.db import connection, connections, transaction

from maillage.core.row_security import acting
from maillage.notifications.models import Message
from maillage.notifications.sending import send_waiting
from tests.conventions.people import body, instant, signed
from tests.conventions.referents.test_handover import (
    AT,
    CHANGE,
    FORMER_BOX,
    NEW_BOX,
    OVER,
    changed,
    named,
    shared,
)

pytestmark = pytest.mark.usefixtures("fresh_database")


def sent(at: datetime) -> list[str]:
    """The addresses to which the outbox goes at an instant."""
    before = dict(connection.settings_dict)
    mail.outbox.clear()
    connection.close()
    connection.settings_dict.update(connections["worker"].settings_dict)
    send_waiting(lambda: at)
    connection.close()
    connection.settings_dict.update(before)
    return sorted(str(address) for message in mail.outbox for address in message.to if "cpam" in str(address))


def test_what_leaves_during_the_hand_over_goes_to_both_boxes_and_says_nothing() -> None:
    new = signed()
    former = named(new)
    changed(new, former, handover_until=OVER)
    sent(AT)
    shared(new, CHANGE)
    assert sent(instant("2025-03-10")) == sorted(["contact@cpam.example.org", FORMER_BOX, NEW_BOX])
    for message in mail.outbox:
        assert "Chargée" not in message.body
        assert "Montbrison" not in f"{message.body} {message.subject}"


def test_a_message_held_back_until_a_tenure_is_over_no_longer_goes_to_it() -> None:
    new = signed()
    former = named(new)
    changed(new, former, handover_until=OVER)
    sent(AT)
    shared(new, OVER)
    assert sent(instant("2025-04-02")) == ["contact@cpam.example.org", NEW_BOX]
    failed = Message.objects.using("owner").get(referent_id=former.pk, kind="convention_fact")
    assert failed.failed_at is not None


def test_a_box_of_another_organisation_is_reached_by_nobody() -> None:
    new = signed()
    former = named(new)
    sent(AT)
    with transaction.atomic(), acting(organisation=body("ccas").id):
        Message.objects.create(
            once="forged", recipient_id=body("ccas").id, kind="convention_fact", reference="C-2", path="/",
            referent_id=former.pk,
        )  # fmt: skip
    assert sent(AT) == []
