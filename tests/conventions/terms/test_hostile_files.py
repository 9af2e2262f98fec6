"""Files made to harm: refused, quickly, with an error of terms."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage.conventions.terms import TermsError, dump_terms, load_terms
from tests.conventions.terms.builder import steady, terms

GOOD = dump_terms(terms())
LAUGHS = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{name}: &{name} [{', '.join([f'*{before}'] * 9)}]\n"
    for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)
HOSTILE: dict[str, tuple[str | bytes, str]] = {
    "a billion laughs": (LAUGHS, "sans ancre ni renvoi"),
    "an alias to itself": ("a: &a [*a]", "sans ancre ni renvoi"),
    "an anchor alone": ("id: &a essai", "sans ancre ni renvoi"),
    "fifty megabytes": ("a: " + "x" * 50_000_000, "un fichier de 1 Mo au plus"),
    "fifty megabytes of bytes": (b"- a\n" * 12_500_000, "un fichier de 1 Mo au plus"),
    "a python object": ("!!python/object/apply:os.system ['true']", "sans étiquette"),
    "a python name": ("id: !!python/name:os.system", "sans étiquette"),
    "a tag of ours": ("id: !include autre.yaml", "sans étiquette"),
    "a standard tag": ("id: !!binary aGVsbG8=", "sans étiquette"),
    "deep lists": ("[" * 5_000, "niveaux d'imbrication"),
    "very deep lists": ("[" * 900_000, "niveaux d'imbrication"),
    "deep maps": ("".join(f"{' ' * depth}a:\n" for depth in range(1_200)), "niveaux d'imbrication"),
    "deep maps on one line": ("{a: " * 200_000, "niveaux d'imbrication"),
    "explicit keys": ("? " * 400_000, "niveaux d'imbrication|simple|bien formé"),
    "many dashes": ("- " * 450_000, "niveaux d'imbrication|bien formé"),
    "many elements": ("[" + "1," * 400_000 + "]", "moins long"),
    "many keys": ("".join(f"k{number}: 1\n" for number in range(60_000)), "moins long"),
    "a key given twice": ("id: a\nid: b", "une seule fois"),
    "a key given twice below": ("term:\n  article: a\n  article: b", "une seule fois"),
    "a merge key": ("<<: {id: a}", "champ connu"),
    "a list as a key": ("? [a, b]\n: c", "un nom de champ simple"),
    "a nul character": ("id: a\0b", "sans octet nul"),
    "a nul byte": (b"id: a\0b", "sans octet nul"),
    "utf-16": ("id: essai".encode("utf-16"), "en UTF-8|octet nul"),
    "utf-32": ("id: essai".encode("utf-32"), "en UTF-8|octet nul"),
    "latin-1": ("id: é".encode("latin-1"), "en UTF-8"),
    "a lone surrogate": ("id: \ud800", "en UTF-8"),
    "an escaped surrogate": ('id: "\\ud800"', "attendu"),
    "a control character": ("id: a\x07b", "bien formé"),
    "two documents": ("--- {id: a}\n--- {id: b}\n", "un seul document"),
    "a list at the root": ("- a", "à la racine"),
    "a word at the root": ("bonjour", "à la racine"),
    "nothing": ("", "à la racine"),
    "a broken file": ("id: [a", "bien formé"),
    "a huge number": ("originals: " + "9" * 100_000, "attendu"),
    "a long text": ("title: " + "x" * 900_000, "au plus 400 caractères"),
    "a tab": ("id:\n\t- a", "bien formé"),
    "a directive": ("%YAML 3.0\n--- a", "bien formé"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_in_less_than_a_second(name: str) -> None:
    source, expected = HOSTILE[name]
    began = time.process_time()
    with pytest.raises(TermsError, match=expected) as caught:
        load_terms(source, "hostile.yaml")
    assert time.process_time() - began < 1
    assert all(problem.file == "hostile.yaml" for problem in caught.value.problems)
    assert len(str(caught.value)) < 100_000


@steady
@given(st.text() | st.binary())
def test_whatever_is_read_gives_terms_or_an_error_of_terms(source: str | bytes) -> None:
    with pytest.raises(TermsError):
        load_terms(source)


@steady
@given(st.integers(0, len(GOOD)), st.integers(0, 40), st.text(max_size=10))
def test_a_good_file_damaged_anywhere_never_breaks_the_reader(start: int, length: int, planted: str) -> None:
    damaged = GOOD[:start] + planted + GOOD[start + length :]
    try:
        load_terms(damaged)
    except TermsError as error:
        assert error.problems  # noqa: PT017 - either outcome is right, nothing else is
