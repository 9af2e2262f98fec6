"""S3 at full size: foreign objects of thirteen worlds and unknown ones, answered alike to everybody."""

import pytest

from tests.architecture.test_pages import Address
from tests.proof.recording import Tally
from tests.security.reach import Visitor, probed

ADDRESSES = probed()


@pytest.mark.parametrize("address", ADDRESSES, ids=[address.name for address in ADDRESSES])
def test_a_foreign_object_and_an_unknown_one(address: Address, browsers: Visitor, tally: Tally) -> None:
    browsers.twins(address)
    tally.tried, tally.violations = browsers.findings.pairs, browsers.findings.violations
