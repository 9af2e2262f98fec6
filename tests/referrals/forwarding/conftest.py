"""A convention with a second way of the same text, and one by which the caisse forwards, for every test of this sub-room."""

import pytest

from tests.referrals.world import FAR_AHEAD, FLOW, Signed, sign_convention

OTHER = {**FLOW, "key": "orientation_bis"}
ELSEWHERE = "flows.orientation_bis"
FORWARD = {
    "key": "transmission_ssam", "sender": "cpam", "recipient": "carsat", "service": "ssam", "article": "9",
}  # fmt: skip
SSAM = "social@carsat.example.org"


def sign(flows: tuple[dict[str, str], ...] = (FLOW, OTHER, FORWARD)) -> Signed:
    """The CCAS's convention, with these flows open."""
    forward = {**FORWARD, "label": "Transmission au service social", "forwards": FLOW["key"]}
    found = sign_convention({"key": OTHER["key"], "label": "Seconde voie"}, forward)
    found.publish(until=FAR_AHEAD, flows=flows)
    return found


@pytest.fixture
def signed(db: None) -> Signed:
    """The CCAS's convention, with a second open flow to the same caisse, and one from it to the CARSAT."""
    return sign()
