"""From YAML to Terms and back."""

import json
from pathlib import Path

import pytest
from hypothesis import given

from maillage.conventions import library
from maillage.conventions.terms import (
    Blank,
    Terms,
    TermsError,
    canonical_bytes,
    content_hash,
    dump_terms,
    json_schema,
    load_terms,
    terms_data,
    terms_from_data,
    terms_from_json,
)
from maillage.conventions.terms.loading import MOST_PARSED, _parsed
from tests.conventions.terms.builder import SMALLEST, blank, conventions, data, steady, terms


@steady
@given(conventions())
def test_terms_written_and_read_again_are_equal(built: dict[str, object]) -> None:
    once = terms_from_data(built)
    again = load_terms(dump_terms(once))
    assert again == once
    assert canonical_bytes(again) == canonical_bytes(once)
    assert terms_from_data(terms_data(once)) == once


@pytest.mark.parametrize("name", library.names())
def test_each_convention_of_the_library_survives_a_round_trip(name: str) -> None:
    once = library.load(name)
    assert load_terms(dump_terms(once)) == once
    assert content_hash(load_terms(dump_terms(once))) == content_hash(once)


def test_the_hash_is_sha_256_of_sorted_json_and_changes_with_any_word() -> None:
    first = terms()
    assert json.loads(canonical_bytes(first)) == terms_data(first)
    assert len(content_hash(first)) == 64
    assert content_hash(first) == content_hash(terms())
    assert content_hash(first) != content_hash(terms(title="Convention d'essai."))


def test_the_order_of_fields_in_the_file_does_not_change_the_hash() -> None:
    upside_down = dict(reversed(SMALLEST.items()))
    assert content_hash(terms_from_data(upside_down)) == content_hash(terms())


def test_one_spelling_of_accents_gives_one_hash() -> None:
    composed, decomposed = "Convention e\u0301tablie", "Convention \u00e9tablie"
    assert content_hash(terms(title=composed)) == content_hash(terms(title=decomposed))


def test_the_hash_of_a_convention_does_not_move_when_the_program_does() -> None:
    expected = "c4034aa11055bcfa6f0804a331d398bf"
    assert content_hash(terms())[:32] == expected, "signed conventions would no longer match their hash"


def test_words_that_yaml_would_read_as_something_else_stay_words() -> None:
    words = [
        "no",
        "on",
        "2024-11-14",
        "12:30",
        "9.10",
        "null",
        "true",
        "12",
        "~",
        "- tiret",
        "a: b",
        "#",
        "1e3",
        "=",
        "<<",
    ]
    kept = load_terms(dump_terms(terms(objectives=[
        {"key": f"o{number}", "article": word, "text": word} for number, word in enumerate(words)
    ])))  # fmt: skip
    assert [objective.text for objective in kept.objectives] == words


def test_an_article_written_without_quotes_keeps_its_digits() -> None:
    text = dump_terms(terms()).replace("article: '1'", "article: 9.10")
    assert load_terms(text).objectives[0].article == "9.10"
    assert load_terms(text.replace("article: 9.10", "article: 9")).objectives[0].article == "9"


def test_a_file_is_read_by_its_path_and_named_by_it(tmp_path: Path) -> None:
    file = tmp_path / "essai.yaml"
    file.write_text(dump_terms(terms()), encoding="utf-8")
    assert load_terms(file) == terms()
    file.write_text("id: [", encoding="utf-8")
    with pytest.raises(TermsError, match=r"^essai\.yaml, ligne 2 : attendu un fichier YAML bien formé"):
        load_terms(file)


def test_a_file_that_does_not_exist_is_an_error_of_terms(tmp_path: Path) -> None:
    with pytest.raises(TermsError, match="un fichier qui existe"):
        load_terms(tmp_path / "rien.yaml")
    with pytest.raises(TermsError, match="que l'on puisse lire"):
        load_terms(tmp_path)


def test_a_blank_stands_where_a_value_is_unknown() -> None:
    unknown = terms(place=blank("lieu"), term=blank(), renewal=blank(), exits=blank(), amendment=blank())
    assert isinstance(unknown.place, Blank)
    assert isinstance(unknown.exits, Blank)
    assert unknown.place.why.label == "à remplir"


def test_terms_are_frozen() -> None:
    with pytest.raises(Exception, match="frozen"):
        terms().title = "Autre"  # type: ignore[misc]


def test_the_json_schema_describes_every_field_and_refuses_others() -> None:
    schema = json_schema()
    root = schema["$defs"]["Terms"]
    assert root["additionalProperties"] is False
    assert {"term", "renewal", "exits", "amendment", "parties"} <= set(root["required"])
    assert schema["$ref"] == "#/$defs/Terms"
    json.dumps(schema)


def test_every_reading_of_every_schema_version_but_this_one_is_refused() -> None:
    with pytest.raises(TermsError, match="schema_version"):
        terms_from_data(data(schema_version=2))


def test_a_text_that_was_read_is_not_parsed_again() -> None:
    written = json.dumps(data(title="Convention lue deux fois"))
    once = terms_from_json(written)
    assert terms_from_json(written) is once
    assert terms_from_json(json.dumps(data(title="Convention lue une fois"))) is not once
    assert terms_from_data(json.loads(written)) is once


@pytest.mark.parametrize("name", library.names())
def test_a_text_read_twice_is_one_key(name: str) -> None:
    written = canonical_bytes(library.load(name))
    first, second = (Terms.model_validate_json(written, strict=True) for _ in range(2))
    assert first is not second
    assert {first: "ready"}[second] == "ready"
    assert second.model_copy(update={"place": "Ailleurs"}) not in {first: "ready"}


def test_a_bounded_number_of_texts_stays_parsed() -> None:
    assert _parsed.cache_info().maxsize == MOST_PARSED


def test_a_text_that_does_not_hold_says_so_each_time() -> None:
    for _ in range(2):
        with pytest.raises(TermsError):
            terms_from_json('{"id": 1}')
