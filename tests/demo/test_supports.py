"""The demonstration's library: each support once, by the real actions, of invented content."""

import pytest

from maillage.catalogue import queries
from maillage.catalogue.models import SupportVersion
from maillage.catalogue.queries import Search
from maillage.catalogue.stock import held_by, running_low
from maillage.core.clock import today
from maillage.demo import supports
from maillage.demo.conventions import PARIS, acting_for
from maillage.demo.supports import ENTRIES, load_supports
from tests.documents.builders import pdf

pytestmark = pytest.mark.django_db


def test_a_library_with_what_is_current_what_ends_and_what_was_withdrawn(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(supports, "render_pdf", lambda _template, _data: pdf())
    supports._pdf.cache_clear()
    for _ in range(2):
        load_supports()
    with acting_for("ccas") as reader:
        found = queries.search(reader, Search(everything=True), 1).rows
        assert {one.support.id for one in found} == {entry.id for entry in ENTRIES}
        current = [one.support.id for one in queries.search(reader, Search(), 1).rows]
        assert len(current) == len(ENTRIES) - 1  # one is withdrawn
        (link,) = [one for one in found if one.support.kind == "link"]
        assert link.current is not None
        assert link.current.link == "https://www.pour-les-personnes-agees.gouv.fr/"
        (replaced,) = [one for one in found if one.support.title.startswith("La Complémentaire")]
        assert [version.label for version in replaced.versions] == ["2026", "2025"]
    with acting_for("cpam") as keeper:
        assert [one.label for one in queries.ending(keeper, on=today(PARIS))] == ["Édition 3"]
        assert [one.left for one in held_by(keeper)] == [40]
        assert len(running_low(keeper)) == 1
        assert SupportVersion.objects.filter(state="withdrawn").count() == 1
    supports._pdf.cache_clear()
