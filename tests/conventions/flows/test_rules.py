"""Which flows of a text open cases here, and for which days."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from maillage.conventions import library
from maillage.conventions.flows.actions import instants
from maillage.conventions.flows.rules import authorised, cut_short
from maillage.conventions.terms import Terms
from maillage.conventions.terms.editing import Change, Operation, edit
from maillage.conventions.terms.filling import choose
from tests.conventions.people import S2, S3

PLATFORM = [{"kind": "platform"}]


def with_platform(text: Terms, flow: str) -> Terms:
    return edit(text, Change(operation=Operation.REPLACE, path=f"flows[{flow}].channels", value=PLATFORM))


def keys(text: Terms) -> set[str]:
    return {flow.key for flow in authorised(text)}


def test_the_library_opens_what_its_texts_send_by_the_platform() -> None:
    assert [(flow.key, flow.sender, flow.recipient) for flow in authorised(library.load(S3))] == [
        ("orientation_misas", "ccas", "cpam")
    ]
    assert keys(library.load(S2)) == set(), "its channels are paper, another tool, or still to agree"


def test_aggregates_calls_and_flows_without_a_service_open_nothing() -> None:
    text = library.load(S3)
    for flow in ("suivi_indicateurs", "avancement_demarches", "appel_ssam"):
        assert flow not in keys(with_platform(text, flow))


def test_an_optional_flow_opens_once_it_is_chosen() -> None:
    text = with_platform(library.load(S3), "orientation_eps")
    assert "orientation_eps" not in keys(text)
    assert "orientation_eps" in keys(choose(text, "flows[orientation_eps]"))


def test_a_flow_says_the_rights_that_it_carries_and_what_the_text_calls_its_service() -> None:
    (flow,) = authorised(with_platform(library.load(S2), "depot_dossiers"))
    assert flow.rights == ("puma", "c2s", "ame", "carte_vitale", "medecin_traitant")
    assert flow.label == "Ouverture de droits (PUMa, C2S, AME, médecin traitant)"
    (usual,) = authorised(library.load(S3))
    assert usual.rights == ()


def test_a_party_that_leaves_alone_closes_its_own_flows_only() -> None:
    during = (date(2024, 11, 14), None)
    left = [("ccas", date(2025, 3, 1))]
    assert cut_short(during, left, ("ccas", "cpam")) == (date(2024, 11, 14), date(2025, 3, 1))
    assert cut_short(during, left, ("carsat", "cpam")) == during
    assert cut_short(during, [("ccas", date(2024, 11, 14))], ("ccas", "cpam")) is None
    assert cut_short(None, left, ("ccas", "cpam")) is None


def test_days_begin_and_end_at_midnight_where_the_caisse_is() -> None:
    found = instants((date(2025, 3, 30), date(2025, 10, 26)), ZoneInfo("Europe/Paris"))
    assert found.lower == datetime.fromisoformat("2025-03-30T00:00:00+01:00")
    assert found.upper == datetime.fromisoformat("2025-10-26T00:00:00+02:00")
    assert instants(None, ZoneInfo("Europe/Paris")).isempty
    assert instants((date(2025, 1, 1), None), ZoneInfo("Indian/Reunion")).upper is None
