"""The page of the list: its views with what they hold, what waits on a line, and the views that somebody keeps."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from maillage.cases.actions import set_due_on
from maillage.core.clock import now
from maillage.core.identifiers import uuid7
from maillage.exchange.actions import Writing
from maillage.organisations.models import User
from maillage.referrals import exchanging
from maillage.referrals.content import Situation
from maillage.referrals.models import SavedView
from maillage.referrals.queries import referral_of
from maillage.referrals.references import reference
from maillage.referrals.saved.rules import MOST
from tests.days import today
from tests.referrals.world import (
    ADVISER,
    OTHER_WORKER,
    STRANGER,
    WORKER,
    Signed,
    ask,
    followed_by,
    member,
    send_referral,
    work,
)
from tests.web.referrals.conftest import Signs, plain
from tests.web.referrals.test_reading import LIST, shown, text
from tests.without_script import plain as single


def flat(page: str) -> str:
    """A page without its markup, its spaces single."""
    return single(re.sub(r"<[^>]+>", " ", page))


def test_views_say_how_much_they_hold_and_a_line_what_waits_in_it(signed: Signed, as_: Signs) -> None:
    asked = send_referral(signed)
    work(asked, "acknowledge")
    ask(asked)
    urgent = send_referral(signed, situation=Situation(("cost",), facts={"care_imminent": True}))
    late = followed_by(send_referral(signed), ADVISER)
    with member(ADVISER):
        set_due_on(case=late, day=today() - timedelta(days=2))
    with member(WORKER) as worker:
        writing = Writing(uuid7(), "Bonjour")
        exchanging.write(referral=referral_of(worker, late), writing=writing, by=worker, at=now())
    caisse, sender = as_(ADVISER), as_(WORKER)
    page = flat(text(caisse, LIST))
    assert "Mes dossiers (2) À traiter (3) Terminées (0) Toutes (3)" in page
    assert page.count("Message à lire") == page.count("En attente d’une réponse") == 1
    assert page.count("Urgent ") >= 1
    assert "Question à laquelle répondre" in flat(text(sender, LIST))
    assert "Message à lire" not in flat(text(sender, LIST))  # one's own
    home = text(caisse, "/")
    assert home.index(f"{reference(urgent)} (urgent)") < home.index(
        reference(late)
    )  # though due a week later
    colleague = User.objects.get(email=OTHER_WORKER).id
    followed_by(urgent, OTHER_WORKER)
    for address, client, cases in (
        ("?vue=mine", caisse, [late, asked]),
        ("?retard=on", caisse, [late]),
        ("?retard=on", sender, []),
        (f"?personne={colleague}", sender, [urgent]),
        (f"?vue=mine&personne={colleague}", sender, [urgent]),
        (f"?convention={signed.id}&age=7", sender, []),
        (f"?convention={signed.id}", sender, [urgent, asked, late]),
        (f"?convention={uuid4()}", sender, []),
    ):
        assert shown(text(client, LIST + address)) == [str(case) for case in cases], address


KEEP = "/orientations/vues/?service=misas&urgentes=on"


def test_a_view_is_kept_shown_with_its_count_and_forgotten_by_its_own_person_only(
    signed: Signed, as_: Signs
) -> None:
    send_referral(signed, situation=Situation(("cost",), facts={"care_imminent": True}))
    client, colleague = as_(WORKER), as_(OTHER_WORKER)
    narrowed = "/orientations/?vue=open&service=misas&urgentes=on"
    assert "Enregistrer cette vue" in text(client, narrowed)
    assert "Service" in text(client, KEEP)
    for name, said in (
        ("", "Donnez un nom"),
        ("--", "Donnez un nom"),
        ("x" * 41, "40 caractères au plus"),
        ("Mme au 06 12 34 56 78", "06 12 34 56 78"),
    ):
        assert said in plain(client.post(KEEP, {"name": name})), name
    answer = client.post(KEEP, {"name": "Mes urgences"})
    assert answer["Location"] == narrowed
    assert "déjà une vue de ce nom" in plain(client.post(KEEP, {"name": "Mes urgences"}))
    page = text(client, narrowed)
    assert "Mes urgences (1)" in flat(page)
    assert "Supprimer cette vue" in page
    assert "Mes urgences" not in text(colleague, LIST)
    with member(WORKER):
        view = SavedView.objects.get()
    forget = f"/orientations/vues/{view.id}/suppression/"
    for someone in (colleague, as_(STRANGER)):
        assert someone.post(forget).status_code == 404
    assert client.post(forget)["Location"] == "/orientations/"
    assert client.post(forget).status_code == 404
    with member(WORKER) as worker:
        SavedView.objects.bulk_create(
            SavedView(organisation_id=worker.organisation, user_id=worker.user, name=f"V{n}", saved_at=now())
            for n in range(MOST)
        )
    assert f"déjà {MOST} vues" in plain(client.post(KEEP, {"name": "Une de trop"}))


@pytest.mark.parametrize(
    ("constraint", "values"),
    [
        ("savedview_has_a_name", {"name": "—"}),
        ("savedview_holds_codes", {"query": "nom=Dupont"}),
        ("savedview_once", {"name": "Deux"}),
    ],
)
@pytest.mark.usefixtures("signed")
def test_a_view_that_makes_no_sense_is_refused_by_the_database(
    constraint: str, values: dict[str, str]
) -> None:
    with member(WORKER) as worker:
        known = {"organisation_id": worker.organisation, "user_id": worker.user, "saved_at": now()}
        SavedView.objects.create(name="Deux", **known)
        with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
            SavedView.objects.create(**{"name": "Une", **known, **values})
