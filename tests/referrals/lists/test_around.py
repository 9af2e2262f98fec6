"""What a list offers beside itself: the services of one's own flows, each once, by the name that their texts give."""

from maillage.referrals.lists.around import _named, around
from maillage.referrals.lists.queries import page_of
from maillage.referrals.lists.wanted import Wanted
from maillage.web.referrals.lines import line_row
from maillage.web.referrals.list_forms import ListForm
from tests.cases.test_carried_rights import NAME
from tests.days import today
from tests.referrals.world import (
    ADVISER,
    FAR_AHEAD,
    FLOW,
    STRANGER,
    WORKER,
    member,
    send_referral,
    sign_convention,
)


def test_a_list_says_and_filters_services_as_their_texts_name_them(db: None) -> None:
    signed = sign_convention()
    signed.publish(until=FAR_AHEAD, flows=[FLOW | {"label": NAME}])
    send_referral(signed)
    for address in (WORKER, ADVISER):
        with member(address) as someone:
            beside = around(someone, on=today())
            assert beside.services == (("misas", NAME),)
            (line,) = page_of(someone, Wanted(), on=today()).lines
            cells = line_row(line, receives=address == ADVISER, on=today()).cells
            assert cells[2] == "Dispositifs d’accès aux soins, Mission accompagnement santé"
            form = ListForm({"service": "misas"}, states={}, around=beside)
            assert form.wanted().service == "misas"
            assert (cells[2] in str(form["service"])) is True
    with member(STRANGER) as stranger:
        beside = around(stranger, on=today())
        assert beside.services == ()
        assert ListForm({"service": "misas"}, states={}, around=beside).wanted().service == ""


def test_a_service_that_texts_call_otherwise_is_one_choice() -> None:
    assert _named([("misas", NAME), ("misas", "MisAS d’ici")]) == (("misas", "Mission accompagnement santé"),)
    assert _named([("accueil", "Accueil de jour"), ("accueil", "Accueil")]) == (("accueil", "Accueil"),)
    assert _named([("epicerie_solidaire", ""), ("misas", ""), ("misas", NAME)]) == (
        ("misas", NAME),
        ("epicerie_solidaire", "Epicerie solidaire"),
    )
