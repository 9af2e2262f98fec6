"""A party that signs a convention and may open no case under it (the CAF): raw statements reach none of the counts, whatever it signs."""

import pytest

from tests.security.conftest import Spoiler
from tests.security.planting import Plant
from tests.security.test_row_security import ROLES, probe
from tests.tiers import spread

pytestmark = [pytest.mark.security, pytest.mark.django_db]
COUNTS = {"indicators_yearcounts", "conventions_evidencecount"}
SIGNS = """
ALTER TABLE conventions_party DISABLE TRIGGER USER;
INSERT INTO conventions_party (id, convention_id, organisation_id, key, role, position, state, sort_title)
SELECT gen_random_uuid(), p.convention_id, '{outsider}', 'third', 'signatory', 2, p.state, p.sort_title
  FROM conventions_party p WHERE p.key = 'signatory';
"""


@pytest.mark.parametrize("role", spread(ROLES, 2))
def test_no_statement_of_a_party_without_cases_reaches_a_count(
    spoiled: Spoiler, plant_rows: Plant, role: str
) -> None:
    addresses = spoiled(SIGNS.format(outsider=plant_rows.outsider))
    findings = probe(addresses, plant_rows, role, COUNTS)
    assert findings.violations == []
    for table in COUNTS:
        assert findings.tried["denied", table] > 300
        assert findings.tried["allowed", table] > 20
    sheets = probe(addresses, plant_rows, role, {"indicators_yearsheet"}).violations
    assert sheets  # the control: it is a party, and reads the sheet that these counts are of
    assert all("context outsider" in violation for violation in sheets)
