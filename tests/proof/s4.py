"""S4 at full size: what nobody should type, in every form, question, path and file of every address; no answer ≥ 500.

An input is one value, drawn anew, of one field, parameter, word of a path, header or file. A request carries many: each is read
by its own name, and judged by its own field. The questions of an address are the names that its page shows and that its module
reads. Forms that pages made while they were asked are then filled again by themselves, without a request: each field is one
input. The record tells both kinds apart by their units.
"""

import time

import pytest
from django.forms import BaseForm

from tests.architecture.test_pages import Address
from tests.proof.recording import Tally
from tests.security.fuzzing import Fuzzer, drawing, fuzz_form
from tests.security.reach import Visitor, probed

ADDRESSES = probed()
ROUNDS, REFILLS, LONGEST = (
    40,
    6_000,
    25,
)  # requests of a kind, times that a form is filled, seconds for one form


def _fuzzer(address: Address, browsers: Visitor, seed: int) -> Fuzzer:
    return Fuzzer(browsers, address, drawing(f"{address.name} {seed}"))


@pytest.mark.parametrize("address", ADDRESSES, ids=[address.name for address in ADDRESSES])
def test_requests(address: Address, browsers: Visitor, tally: Tally) -> None:
    fuzzer = _fuzzer(address, browsers, 1)
    for _ in range(ROUNDS):
        fuzzer.round()
    tally.tried, tally.violations = fuzzer.inputs, fuzzer.broken
    tally.controls = sum(count for status, count in fuzzer.statuses.items() if status < 400)


@pytest.mark.parametrize("address", ADDRESSES, ids=[address.name for address in ADDRESSES])
def test_forms(address: Address, browsers: Visitor, monkeypatch: pytest.MonkeyPatch, tally: Tally) -> None:
    """Every form that the page makes in twenty requests, once for each class."""
    made: dict[type, BaseForm] = {}
    real = BaseForm.full_clean

    def noted(form: BaseForm) -> None:
        if form.is_bound and form.fields:
            made.setdefault(type(form), form)
        real(form)

    fuzzer = _fuzzer(address, browsers, 2)
    with monkeypatch.context() as patch:
        patch.setattr(BaseForm, "full_clean", noted)
        for _ in range(20):
            fuzzer.round()
    for form in made.values():
        until = time.monotonic() + LONGEST
        for wrong in fuzz_form(form, fuzzer.draw, REFILLS):
            tally.tried += len(form.fields)
            tally.violations += [wrong] if wrong else []
            if time.monotonic() > until:
                break
    tally.controls = len(made)
