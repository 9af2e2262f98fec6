"""Nobody acts before her undertaking is signed and her training dated: the database gives no organisation until then."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from maillage.core.clock import now
from maillage.core.refusals import Refused
from maillage.core.row_security import acting, context_of
from maillage.organisations import undertaking
from maillage.organisations.member import arrive, trained_since
from maillage.organisations.models import Organisation, Training, Undertaking, User
from maillage.organisations.people.entering import (
    TrainingDone,
    may_record_own_training,
    record_own_training,
    record_training,
    sign_undertaking,
)
from maillage.organisations.undertaking import current_text, text_of
from tests.days import today
from tests.organisations.people.team import ADMINISTRATOR, TWO_EMPLOYERS, WORKER, member, organisation, user

RGPD = TrainingDone(date(2026, 1, 5), "RGPD, module interne")
pytestmark = pytest.mark.usefixtures("fresh_database")


def without(model: type[Undertaking] | type[Training], address: str) -> None:
    model._default_manager.using("owner").filter(user__email=address).delete()


def entered(address: str) -> Any:
    """As the middleware does: who arrives, and the context that the database was left in."""
    with transaction.atomic():
        known = User.objects.get(email=address)
        arrival = arrive(user=known.id, user_name="", wanted=None, on=today())
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('maillage.organisation', true)")
            return arrival, cursor.fetchone()[0]


@pytest.mark.parametrize("missing", [Undertaking, Training])
def test_without_either_the_context_has_no_organisation(missing: type[Undertaking] | type[Training]) -> None:
    arrival, setting = entered(WORKER)
    assert arrival.member is not None
    assert setting == str(organisation())
    without(missing, WORKER)
    arrival, setting = entered(WORKER)
    assert arrival.member is None
    assert arrival.waits
    assert setting == ""
    (employer,) = arrival.employers
    assert (employer.signed, employer.trained) == (missing is Training, missing is Undertaking)


def test_each_organisation_waits_for_its_own() -> None:
    Undertaking.objects.using("owner").filter(
        user__email=TWO_EMPLOYERS, organisation__short_name="CCAS"
    ).delete()
    arrival, setting = entered(TWO_EMPLOYERS)
    assert setting == str(organisation("CH d’Exemple"))
    assert [(one.name, one.may_act) for one in arrival.employers] == [
        ("CCAS de Montbrison", False),
        ("Centre hospitalier d’Exemple", True),
    ]


def test_another_version_of_the_text_is_signed_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("maillage.organisations.member.CURRENT", "2")
    assert entered(WORKER)[0].waits


def test_a_training_lapses_only_where_the_settings_say_so(settings: Any) -> None:
    assert trained_since(date(2026, 3, 2)) is None
    settings.TRAINING_VALID_MONTHS = 36
    assert trained_since(date(2026, 3, 2)) == date(2023, 3, 2)
    assert entered(WORKER)[0].waits  # the demonstration's is of 2020
    settings.TRAINING_VALID_MONTHS = None
    assert entered(WORKER)[0].member is not None


def test_signing_opens_and_says_which_text() -> None:
    without(Undertaking, WORKER)
    with transaction.atomic():
        known = User.objects.get(email=WORKER)
        arrive(user=known.id, user_name="", wanted=None, on=today())
        with pytest.raises(Refused, match="Le texte a changé"):
            sign_undertaking(organisation=organisation(), seen_hash="0" * 64)
        for _twice in range(2):
            sign_undertaking(organisation=organisation(), seen_hash=current_text().text_hash)
        assert context_of().organisation is None
    signed = Undertaking.objects.using("owner").get(user=known, organisation=organisation())
    assert (signed.version, signed.text_hash) == (undertaking.CURRENT, current_text().text_hash)
    assert entered(WORKER)[0].member is not None


def test_an_administrator_dates_a_colleague_s_training_and_nobody_else_s() -> None:
    without(Training, WORKER)
    with member(ADMINISTRATOR) as administrator:
        record_training(person=user(WORKER), training=RGPD, by=administrator, at=now())
        with pytest.raises(Refused, match="une personne de votre organisme"):
            record_training(
                person=user("conseil@cpam.example.org"), training=RGPD, by=administrator, at=now()
            )
    assert entered(WORKER)[0].member is not None
    row = Training.objects.using("owner").get(user__email=WORKER)
    assert (row.done_on, row.recorded_by) == (RGPD.done_on, user(ADMINISTRATOR))
    with member(WORKER) as worker, pytest.raises(Refused, match="administrateur"):
        record_training(person=user(WORKER), training=RGPD, by=worker, at=now())


@pytest.mark.parametrize(
    ("training", "field"),
    [
        (TrainingDone(date(2099, 1, 1), "RGPD"), "done_on"),
        (TrainingDone(date(1990, 1, 1), "RGPD"), "done_on"),
        (TrainingDone(date(2026, 1, 5), "  "), "title"),
    ],
)
def test_a_training_that_cannot_be_is_refused_at_its_field(training: TrainingDone, field: str) -> None:
    with member(ADMINISTRATOR) as administrator, pytest.raises(Refused) as refused:
        record_training(person=user(WORKER), training=training, by=administrator, at=now())
    assert refused.value.field == field


def test_an_administrator_alone_dates_her_own_and_not_once_somebody_else_could() -> None:
    without(Training, ADMINISTRATOR)
    with transaction.atomic():
        known = User.objects.get(email=ADMINISTRATOR)
        arrive(user=known.id, user_name="", wanted=None, on=today())
        assert may_record_own_training(organisation())
        record_own_training(organisation=organisation(), user=known.id, training=RGPD, at=now())
    assert entered(ADMINISTRATOR)[0].member is not None
    with transaction.atomic():
        known = User.objects.get(email=WORKER)
        arrive(user=known.id, user_name="", wanted=None, on=today())
        with pytest.raises(Refused, match="Un·e administrateur·rice"):
            record_own_training(organisation=organisation(), user=known.id, training=RGPD, at=now())


def test_a_training_without_a_title_and_an_undertaking_without_a_hash_are_refused_by_the_table() -> None:
    body, known = Organisation.objects.get(short_name="CCAS"), User.objects.get(email=WORKER)
    for row in (
        Training(user=known, organisation=body, done_on=today(), title=""),
        Undertaking(user=known, organisation=body, version="9", text_hash="x"),
    ):
        with pytest.raises(IntegrityError), transaction.atomic(using="owner"):
            row.save(using="owner")


def test_a_text_that_changed_without_a_new_version_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    assert text_of("1").sections[0].heading == "Ce que je tiens secret"
    monkeypatch.setitem(undertaking.HASHES, "1", "0" * 64)
    with pytest.raises(ValueError, match="write a new version"):
        text_of("1")


def test_the_text_names_what_the_conventions_and_the_law_ask_for() -> None:
    text = " ".join(line for section in current_text().sections for line in section.paragraphs)
    for words in ("226-13", "226-14", "RGPD", "déontologie", "rien de plus", "24 ou 48 heures"):
        assert words in text


def test_a_training_to_come_does_not_open_yet() -> None:
    Training.objects.using("owner").filter(user__email=WORKER).update(done_on=today() + timedelta(days=2))
    assert entered(WORKER)[0].waits
    with transaction.atomic(), acting(organisation=None):
        assert Training.objects.filter(user__email=WORKER).count() == 0  # and nobody else reads it
