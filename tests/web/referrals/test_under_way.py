"""« Une demande est déjà en cours »: at the step of the person, of one's own organisation's referrals alone."""

from django.db import transaction

from maillage.audit.models import Entry
from maillage.core.row_security import acting
from tests.beneficiaries.jobs import index_as_worker
from tests.referrals.world import (
    CANARIES,
    OTHER_WORKER,
    WORKER,
    organisation,
    send_referral,
    sign_convention,
    stop,
    write_draft,
)
from tests.web.referrals.conftest import plain
from tests.web.referrals.test_finding import signed_in


def test_a_second_request_for_the_same_step_is_said_to_its_own_organisation_alone(
    fresh_database: object,
) -> None:
    signed = sign_convention()
    case = send_referral(signed)
    index_as_worker()
    draft = write_draft(signed)
    step = f"/orientations/brouillons/{draft}/personne/"
    given = {
        "surname": "QUINTESSENCE",
        "given_name": "Ondine",
        "birth_date": "29/02/1984",
        "phone": "0600000017",
    }
    page = plain(signed_in(WORKER).post(step, given))
    assert "Une demande est déjà en cours" in page
    assert f'href="/orientations/{case}/"' in page
    assert signed_in(WORKER).post(step, {**given, "averti": "1"}).status_code == 302
    colleague = write_draft(signed, by=OTHER_WORKER)
    told = plain(signed_in(OTHER_WORKER).get(f"/orientations/brouillons/{colleague}/verification/"))
    assert "Une demande est déjà en cours" in told
    assert f'href="/orientations/{case}/"' not in told  # she does not follow it: she is told who does
    assert "Suivie par" in told
    another = signed_in(WORKER).post(step, {**given, "surname": "Autre", "nir": ""})
    assert another.status_code == 302
    stop(case, "withdraw", "moved")
    assert "déjà en cours" not in plain(
        signed_in(WORKER).get(f"/orientations/brouillons/{draft}/verification/")
    )
    with transaction.atomic(), acting(organisation=organisation("CCAS").id):
        asked = [entry for entry in Entry.objects.filter(verb="search") if "déjà en cours" in entry.reason]
    assert str(case) in {entry.object_ref for entry in asked}
    assert not any(canary in f"{entry.fields} {entry.reason}" for entry in asked for canary in CANARIES)
