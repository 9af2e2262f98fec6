"""S4: nothing that is typed breaks a page. A few draws for each address; `make proof ONLY=S4` draws a million.

Headers are read by what all pages share: alone at one address in four, with a question at the others.
"""

from typing import Any

import pytest
from django import forms
from django.db import transaction
from django.forms.boundfield import BoundField
from django.http import HttpRequest

from tests.security.conftest import Worlds
from tests.security.extent import EXTENTS, Extent
from tests.security.fragments import drawn
from tests.security.fuzzing import Fuzzer, drawing, encoded, fuzz_form, names_read, value
from tests.security.reach import Visitor, probed
from tests.security.retyping import lost, typed_in

pytestmark = pytest.mark.security


@EXTENTS
def test_nothing_that_is_typed_breaks_a_page(worlds: Worlds, silence: None, extent: Extent) -> None:
    visitor, inputs, refusals = Visitor(*worlds), 0, 0
    for address in extent.of(probed()):
        with transaction.atomic():
            fuzzer = Fuzzer(visitor, address, drawing(address.name))
            fuzzer.round(together=not drawn(address.name))
            transaction.set_rollback(True)
        assert not fuzzer.broken
        inputs, refusals = inputs + fuzzer.inputs, refusals + fuzzer.refusals
    assert inputs > extent.least(800)
    assert refusals > extent.least(30)


def test_a_page_that_breaks_is_seen(worlds: Worlds, monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(request: HttpRequest) -> Any:
        raise ValueError(request.path)

    visitor = Visitor(*worlds)
    (address,) = [one for one in probed() if one.name == "conventions:list"]
    fuzzer = Fuzzer(visitor, address, drawing("1"))
    monkeypatch.setattr(
        "maillage.web.conventions.reading.lists.ListFilters.full_clean", breaks, raising=False
    )
    fuzzer.round()
    assert fuzzer.broken


def test_a_form_that_loses_a_field_is_seen(worlds: Worlds, monkeypatch: pytest.MonkeyPatch) -> None:
    visitor = Visitor(*worlds)
    (address,) = [one for one in probed() if one.name == "conventions:referent_add"]
    fuzzer = Fuzzer(visitor, address, drawing("3"))
    real = BoundField.value
    monkeypatch.setattr(BoundField, "value", lambda field: "" if field.name == "function" else real(field))
    for _ in range(6):
        fuzzer.round()
    assert any("['function'] are lost" in wrong for wrong in fuzzer.broken)


def test_what_is_typed_is_looked_for_in_its_own_field_and_secrets_are_not() -> None:
    page = (
        '<form method="post"><p class="error-summary">Non</p><input name="a" value="Zqx1"><input type="password" name="b">'
        '<input name="c" autocomplete="one-time-code"><textarea name="d">\nl’&eacute;t&eacute;</textarea></form>'
    )
    assert typed_in(page, "/x/") == [{"a", "d"}]
    assert lost(page, {"a": "zqx1", "d": "l’été"}) == []
    assert lost(page, {"a": "l’été", "d": "Zqx1"}) == ["a", "d"]
    assert lost(page.replace("error-summary", "other"), {"a": "Zqx2"}) == []


@pytest.mark.django_db
def test_a_form_that_breaks_is_seen() -> None:
    class Breaks(forms.Form):
        number = forms.CharField()

        def clean(self) -> None:
            int(self.data["number"])

    assert any("Breaks: ValueError" in wrong for wrong in fuzz_form(Breaks(), drawing("1"), 20))


def test_the_same_seed_draws_the_same() -> None:
    drawn = [[value(draw) for _ in range(20)] for draw in map(drawing, ("1", "1", "2"))]
    assert drawn[0] == drawn[1] != drawn[2]
    assert encoded({"a": b"\xff &="}) == "a=%FF%20%26%3D"
    read = {one.name: set(names_read(one.view)) for one in probed()}
    assert {"HX-Request", "page", "q"} <= read["directory:list"]
    assert "page" in read["conventions:calendar"] & read["preparations:list"]
