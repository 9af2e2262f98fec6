"""What came of care and of rights, on the page of the case: noted by the caisse, read by both, complete when it closes."""

import re
from uuid import UUID

from maillage.core.clock import now
from maillage.referrals import outcomes
from maillage.referrals.content import Situation
from maillage.referrals.models import Referral, Renunciation
from maillage.referrals.outcomes import Found, Noted, care_field, renunciations
from maillage.referrals.queries import referral_of
from maillage.referrals.routing.situation import Renunciation as Renounced
from tests.referrals.world import ADVISER, WORKER, Signed, followed_by, member, send_referral, stop, work
from tests.web.referrals.conftest import Signs
from tests.web.referrals.test_reading import text
from tests.web.referrals.test_working import act

ONE = Situation(("cost",), renunciations=(Renounced(care="optics", reason="cost"),))


def at_work(signed: Signed, *verbs: str) -> tuple[UUID, str]:
    """A referral with one care renounced, accepted by the caisse; the name of the field of that care."""
    case = followed_by(send_referral(signed, situation=ONE), ADVISER)
    work(case, *(verbs or ("acknowledge", "accept")))
    with member(ADVISER):
        (row,) = renunciations(case)
        return case, care_field(row.id)


def test_what_is_noted_on_the_way_is_read_by_both_sides_with_the_rule(signed: Signed, as_: Signs) -> None:
    case, care = at_work(signed, "acknowledge")
    caisse = as_(ADVISER)
    page = text(caisse, f"/orientations/{case}/")
    assert "Soin : lunettes, lentilles (raison financière)" in page
    assert "Enregistrer sans clôturer" in page
    assert f"/orientations/{case}/cloture/" not in page  # not accepted yet
    found = {"found_care": "other", "found_reason": "time", "found_answer": "not_relevant"}
    page = act(caisse, case, "issues", {care: "unreachable", "right_ame": "accompanied", **found})
    assert "Soins et droits notés" in page
    for address in (ADVISER, WORKER):
        page = text(as_(address), f"/orientations/{case}/")
        page = page[page.index("<h2>Ce qu’il en est") :]
        for said in (
            "Sans suite : injoignable",
            "Raison de temps ou de délai. Repéré par qui l’accompagne.",
            "Accompagnée dans la démarche",
            "Comment c’est compté",
            "comptés à part",
        ):
            assert said in page
    assert "(facultatif)" not in page.partition('id="echanges"')[0]  # the sender only reads what came of it
    assert "C’était déjà fait" in act(
        caisse, case, "issues", {care: "unreachable", "right_ame": "accompanied", **found}
    )


def test_a_care_without_answer_keeps_the_case_open_and_what_was_chosen(signed: Signed, as_: Signs) -> None:
    case, care = at_work(signed)
    page = act(as_(ADVISER), case, "cloture", {care: "", "right_c2s": "refused", "found_answer": "done"})
    assert "Dites ce qu’il en est de ce soin" in page
    assert "Dites de quel soin il s’agit" in page
    assert re.search(r'name="right_c2s".*?<option value="refused" selected', page, re.DOTALL)
    with member(ADVISER):
        assert Referral.objects.get(case_id=case).state == "accepted"
        assert Renunciation.objects.get().outcome == ""


def test_care_that_a_colleague_adds_meanwhile_is_asked_and_never_unsaid(signed: Signed, as_: Signs) -> None:
    case, care = at_work(signed)
    with member(ADVISER) as adviser:
        noted = Noted(found=[Found("other", "time", "done")])
        outcomes.note(referral=referral_of(adviser, case), noted=noted, by=adviser, at=now())
    client = as_(ADVISER)
    act(client, case, "issues", {care: "refused"})
    with member(ADVISER):
        assert Renunciation.objects.get(care="other").outcome == "done"
    page = act(client, case, "cloture", {care: "refused"})
    assert "Dites ce qu’il en est de ce soin" in page
    with member(ADVISER):
        added = care_field(Renunciation.objects.get(care="other").id)
    page = act(client, case, "cloture", {care: "refused", added: "done"})
    assert "Soins réalisés · Aucun droit n’était en cause" in page


def test_nothing_is_noted_once_it_is_closed(signed: Signed, as_: Signs) -> None:
    case, care = at_work(signed)
    client = as_(ADVISER)
    act(client, case, "cloture", {care: "done"})
    assert "Quelqu’un est passé avant vous" in act(client, case, "issues", {care: "refused"})
    assert "Sans suite" not in text(client, f"/orientations/{case}/")


def test_an_end_without_outcome_leaves_care_without_one(signed: Signed, as_: Signs) -> None:
    case, _ = at_work(signed)
    assert "Pas encore d’issue" in text(as_(WORKER), f"/orientations/{case}/")
    stop(case, "withdraw", "moved")
    page = text(as_(WORKER), f"/orientations/{case}/")
    assert "Sans issue notée" in page
    assert "Pas encore d’issue" not in page
