"""S1 at full size: everybody at every address, with the objects of twenty-six worlds, in the path, the query, the body, the headers
and each field of each form, as a page and as a fragment.
"""

import pytest

from tests.architecture.test_pages import Address
from tests.proof.recording import Tally
from tests.security.reach import Findings, Visitor, probed

ADDRESSES = probed()


def _tell(tally: Tally, found: Findings) -> None:
    tally.tried, tally.violations = len(found.knocks), found.violations
    tally.controls = found.tried["ok"] + found.tried["field"]


@pytest.mark.parametrize("address", ADDRESSES, ids=[address.name for address in ADDRESSES])
def test_objects_in_the_path(address: Address, browsers: Visitor, tally: Tally) -> None:
    browsers.knock(address)
    _tell(tally, browsers.findings)
    allowed = {knock.relation for knock in browsers.findings.knocks} & {"none", "here"}
    assert allowed, "denied probes without their allowed twin"


@pytest.mark.parametrize("address", ADDRESSES, ids=[address.name for address in ADDRESSES])
def test_objects_in_the_query_the_body_and_the_headers(
    address: Address, browsers: Visitor, tally: Tally
) -> None:
    browsers.elsewhere(address)
    _tell(tally, browsers.findings)


@pytest.mark.parametrize("address", ADDRESSES, ids=[address.name for address in ADDRESSES])
def test_objects_in_the_fields_of_filled_forms(address: Address, browsers: Visitor, tally: Tally) -> None:
    browsers.fields(address)
    _tell(tally, browsers.findings)
