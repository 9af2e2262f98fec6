"""What a text says of an agent seconded at a partner's (row B7): which party sends her, hosts her, fills her agenda."""

import pytest

from maillage.conventions import library
from maillage.conventions.flows.rules import authorised
from maillage.conventions.terms import Terms, TermsError, terms_data
from maillage.conventions.terms.filling import choose, drop
from maillage.conventions.terms.loading import terms_from_data


def local() -> Terms:
    """The local convention that the framework with the Croix-Rouge carries."""
    found = library.load("croix_rouge_cadre_2021").local_template
    assert found is not None
    return found


def test_the_texts_say_who_sends_hosts_and_fills_the_agenda() -> None:
    for terms, host, agenda, article in (
        (local(), "croix_rouge", "croix_rouge", "9"),
        (library.load("hopital_pass_modele"), "hospital", None, "4.1"),
    ):
        said = next(one.secondment for one in terms.services if one.key == "agent_delegue")
        assert said is not None
        assert (said.delegates, said.hosts, said.agenda_by, said.article) == ("cpam", host, agenda, article)


def test_no_appointment_is_carried_until_the_parties_retain_it() -> None:
    assert "rendez_vous_agent" not in {flow.key for flow in authorised(local())}
    retained = choose(local(), "flows[rendez_vous_agent]")
    assert ("croix_rouge", "cpam", "agent_delegue") in {
        (flow.sender, flow.recipient, flow.service) for flow in authorised(retained)
    }


def test_without_its_flow_a_service_has_no_secondment() -> None:
    left = drop(local(), "flows[rendez_vous_agent]")
    assert all(one.secondment is None for one in left.services)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"flow": "depot_dossiers"}, "un flux de ce service"),
        ({"flow": "rien"}, "est inconnue"),
        ({"hosts": "cpam"}, "une autre partie"),
        ({"delegates": "rien"}, "est inconnue"),
        ({"agenda_by": "carsat"}, "est inconnue"),
    ],
)
def test_what_does_not_hold_together_is_refused(changes: dict[str, str], told: str) -> None:
    data = terms_data(local())
    next(one for one in data["services"] if one["key"] == "agent_delegue")["secondment"] |= changes
    with pytest.raises(TermsError) as refused:
        terms_from_data(data, "test")
    assert told in str(refused.value)
