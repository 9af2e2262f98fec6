"""The demonstration's convention with axes: in force, its sheets begun, its credits projected, its provisions estimated, loaded once."""

import pytest

from maillage.conventions.lifecycle.queries import load, visible_to
from maillage.core.clock import today
from maillage.demo.conventions import PARIS, acting_for, convention_id
from maillage.demo.steering import NAME, load_steering
from maillage.steering.credits.queries import envelopes
from maillage.steering.credits.rules import Projection
from maillage.steering.provision.queries import provisions
from maillage.steering.sheets.queries import sheets
from maillage.steering.sheets.rules import Kind, Standing

pytestmark = [pytest.mark.usefixtures("concluded"), pytest.mark.django_db]


def test_a_national_convention_is_steered() -> None:
    for _ in range(2):
        load_steering()
    on = today(PARIS)
    with acting_for("cnam") as national:
        known = load(visible_to(national).get(id=convention_id(NAME)))
        assert known.row.state == "in_force"
        found = sheets(known, on)
        assert len(found) == 15
        late = [one for sheet in found for one in sheet.awaited(on) if one.standing is Standing.LATE]
        assert {one.item.newest.kind for one in late} == {Kind.MILESTONE, Kind.EXCHANGE}
        for envelope in envelopes(known):
            assert [year.is_complete for year in envelope.years][:3] == [True] * 3
            projection = envelope.projected(on.year)
            assert on.month == 1 or isinstance(projection, Projection)
            assert envelope.history(on.year - 1)
        assert [one.actual is None for one in provisions(known)] == [True, False]
