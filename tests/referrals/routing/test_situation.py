"""A situation as plain data: what is read, derived and refused."""

import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage.catalogue.facts import FACTS
from maillage.conventions.terms.errors import TermsError
from maillage.referrals.routing.situation import MAX_BYTES, schema, situation_from_json

ON = date(2024, 12, 1)


def read(**data: object) -> dict[str, object]:
    return dict(situation_from_json(json.dumps(data).encode(), on=ON).facts)


def refused(written: bytes) -> str:
    with pytest.raises(TermsError) as error:
        situation_from_json(written, on=ON)
    return str(error.value)


def test_the_age_follows_from_the_birth_date_on_that_day() -> None:
    assert read(birth_date="2006-12-01")["age"] == 18
    assert read(birth_date="2006-12-02")["age"] == 17
    assert read(birth_date="2006-12-02", on="2024-12-02")["age"] == 18


def test_an_empty_list_of_care_says_that_nothing_was_renounced() -> None:
    assert "renounced_care" not in read()
    assert read(renunciations=[])["renounced_care"] is False
    assert read(renunciations=[{"care": "optics", "reason": "cost"}])["renounced_care"] is True


def test_no_answer_is_not_no() -> None:
    assert read(agrees=None) == {}
    assert read(agrees=False) == {"agrees": False}


@pytest.mark.parametrize(
    ("data", "place"),
    [
        ({"birth_date": "2025-01-01"}, "birth_date"),
        ({"birth_date": "2000-01-01", "age": 30}, "age"),
        (
            {"renounced_care": False, "renunciations": [{"care": "optics", "reason": "cost"}]},
            "renounced_care",
        ),
        ({"delivered_on": "2025-01-01"}, "delivered_on"),
        ({"age": -1}, "age"),
        ({"age": True}, "age"),
        ({"agrees": "yes"}, "agrees"),
        ({"motives": ["because"]}, r"motives[0]"),
        ({"motives": "cost"}, "motives"),
        ({"surname": "Martin"}, "surname"),
        ({"answers": {"a": 1}}, "answers.a"),
        ({"renunciations": [{"care": "optics"}]}, r"renunciations[0].reason"),
        ({"on": "yesterday"}, "on"),
    ],
)
def test_what_is_wrong_is_said_at_its_place(data: dict[str, object], place: str) -> None:
    assert f"situation, {place} : attendu" in refused(json.dumps(data).encode())


@pytest.mark.parametrize("written", [b"", b"{", b"\xff", b"[" * 100_000, b"{}" + b" " * MAX_BYTES])
def test_what_is_no_json_object_is_refused(written: bytes) -> None:
    assert refused(written)


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused_in_words(written: bytes) -> None:
    try:
        found = situation_from_json(written, on=ON)
    except TermsError:
        return
    assert found.facts.keys() <= FACTS.keys()


def test_the_schema_asks_each_fact_in_french_and_knows_nobody() -> None:
    fields = schema()["properties"]
    assert {key: fields[key]["description"] for key in FACTS} == {
        key: fact.question for key, fact in FACTS.items()
    }
    assert fields.keys() - FACTS.keys() == {"on", "sender", "renunciations", "answers"}
    assert not {"surname", "given_name", "nir", "phone", "address"} & fields.keys()
