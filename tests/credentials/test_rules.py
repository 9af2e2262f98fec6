"""Codes and durations, against the vectors of the RFC and for every instant."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage.credentials import rules
from maillage.credentials.rules import Lifetime, is_fresh, is_over, step_of

RFC = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"  # « 12345678901234567890 », RFC 6238, appendix B
VECTORS = {
    59: "94287082",
    1111111109: "07081804",
    1111111111: "14050471",
    1234567890: "89005924",
    2000000000: "69279037",
    20000000000: "65353130",
}
INSTANTS = st.integers(min_value=1_000_000, max_value=4_000_000_000)


@pytest.mark.parametrize(("at", "code"), VECTORS.items())
def test_codes_are_those_of_the_rfc(at: int, code: str) -> None:
    assert rules.code_at(RFC, at // rules.STEP_SECONDS) == code[-rules.DIGITS :]


@given(at=INSTANTS, shift=st.integers(min_value=-40, max_value=40))
def test_a_code_counts_one_step_around_its_own_and_no_further(at: int, shift: int) -> None:
    secret = rules.new_secret()
    step = at // rules.STEP_SECONDS + shift
    found = step_of(secret, rules.code_at(secret, step), at=at, after=0)
    if abs(shift) <= rules.TOLERANCE:
        assert found is not None
    elif found is not None:  # one in a million codes is that of another step
        assert rules.code_at(secret, found) == rules.code_at(secret, step)


@given(at=INSTANTS)
def test_a_code_that_served_never_serves_again_nor_those_before(at: int) -> None:
    secret, now = rules.new_secret(), at // rules.STEP_SECONDS
    served = step_of(secret, rules.code_at(secret, now), at=at, after=0)
    assert served is not None
    for step in range(now - rules.TOLERANCE, served + 1):
        again = step_of(secret, rules.code_at(secret, step), at=at, after=served)
        assert again is None or again > served


@given(code=st.text(max_size=12))
def test_nothing_that_is_typed_breaks_the_check(code: str) -> None:
    typed = rules.typed_code(code)
    rules.is_application_code(typed)
    rules.recovery_code(typed)
    assert step_of(RFC, typed, at=59, after=10) is None


@given(st.text(alphabet="0123456789ABCDEFGHJKMNPQRSTVWXYZ", min_size=10, max_size=10))
def test_a_recovery_code_is_read_however_it_is_written(code: str) -> None:
    assert len(rules.new_recovery_code()) == len(code)
    assert rules.recovery_code(rules.typed_code(rules.shown(code))) == code
    assert rules.recovery_code(rules.typed_code(f" {rules.shown(code).lower()} ")) == code
    assert rules.recovery_code(code.replace("1", "I").replace("0", "O")) == code
    assert not rules.is_application_code(code)


@given(
    opened=INSTANTS,
    idle=st.integers(min_value=0, max_value=90_000),
    since=st.integers(min_value=0, max_value=90_000),
)
def test_a_session_ends_when_it_idles_and_at_the_end_of_the_day(opened: int, idle: int, since: int) -> None:
    lifetime, at = Lifetime(idle=3600, absolute=36_000), opened + since
    seen = max(opened, at - idle)
    over = is_over(opened=opened, seen=seen, at=at, lifetime=lifetime)
    assert over == (at - seen >= 3600 or since >= 36_000)


def test_a_session_that_comes_from_the_future_is_over() -> None:
    assert is_over(opened=10_000, seen=10_000, at=1_000, lifetime=Lifetime(3600, 36_000))


@given(proved=st.one_of(st.none(), INSTANTS), passed=st.integers(min_value=-1000, max_value=1000))
def test_a_proof_is_fresh_for_its_time_and_not_before_it_was_given(proved: int | None, passed: int) -> None:
    fresh = is_fresh(proved=proved, at=(proved or 0) + passed, seconds=300)
    assert fresh == (proved is not None and -rules.STEP_SECONDS <= passed < 300)
