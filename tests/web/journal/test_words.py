"""Whatever the code writes in the journal has words there; and the search that says so is able to fail."""

import re
from pathlib import Path

from django.forms import ChoiceField
from django.urls import get_resolver

from maillage.conventions.commitments.models import ObligationMark
from maillage.conventions.lifecycle.recorded import RecordedKind
from maillage.core.text import sort_key
from maillage.web.journal.families import KEYS, OBLIGATIONS
from maillage.web.journal.forms import JournalFilters
from maillage.web.journal.objects import OBJECTS, PAGES
from maillage.web.journal.words import (
    FAMILIES,
    OF_OBJECTS,
    REFUSALS,
    VERBS,
    all_verbs,
    field_words,
    filter_words,
    object_words,
    reason_words,
    verb_words,
)
from maillage.web.middleware import _DENIALS, _UNAVAILABLE
from tests.architecture.test_pages import addresses
from tests.web.journal.verbs import PACKAGE, verbs


def verbs_of_the_database() -> set[str]:
    """What functions of the database write in the name of whoever calls them."""
    texts = [path.read_text() for path in PACKAGE.glob("*/migrations/*.py")]
    return {verb for text in texts for verb in re.findall(r"organisations_note\([^,]+, '([a-z_.]+)'", text)}


def test_every_verb_that_the_code_writes_has_words() -> None:
    found = list(verbs())
    assert verbs_of_the_database() - set(all_verbs()) == set()
    assert len(verbs_of_the_database()) > 5
    missing = [one for one in found if not one.is_family and one.verb not in all_verbs()]
    assert not missing, f"Say in VERBS of maillage/web/journal/words.py what these are: {missing}"
    families = [one for one in found if one.is_family and one.verb not in FAMILIES]
    assert not families, f"Say in FAMILIES of maillage/web/journal/words.py what these end with: {families}"
    assert len({one.verb for one in found}) > 30


def test_no_words_for_a_verb_that_nobody_writes() -> None:
    written = (
        {one.verb for one in verbs()}
        | {"insert", "update", "delete", "journal_pruned", "messages_forgotten", "failed_messages_forgotten"}
        | verbs_of_the_database()
    )
    assert set(VERBS) - written == set()


def test_each_action_of_the_filter_has_words_of_its_own_in_the_order_of_the_alphabet() -> None:
    for name in ("action", "objet"):
        field = JournalFilters.base_fields[name]
        assert isinstance(field, ChoiceField)
        shown = [str(words) for _, words in field.choices][1:]  # type: ignore[union-attr, misc]  # a list of pairs
        assert len(set(shown)) == len(shown)
        assert shown == sorted(shown, key=sort_key)
    assert shown.index("référent") < shown.index("rendez-vous")


def test_a_verb_that_several_objects_share_says_in_the_filter_all_that_it_finds() -> None:
    shown = filter_words()
    assert shown.keys() == all_verbs().keys()
    assert (
        shown["ask"]
        == "A posé une question sur une orientation ; a demandé des pièces pour un dossier de droits"
    )
    assert shown["read"].count(" ; ") == 2
    assert shown["follow"] == all_verbs()["follow"]


def test_what_is_said_of_one_object_is_a_verb_with_words_of_its_own() -> None:
    for kind, said in OF_OBJECTS.items():
        assert kind in OBJECTS
        assert all(words != all_verbs()[verb] for verb, words in said.items())


def test_every_family_is_whole() -> None:
    kinds = {kind.value for kind in RecordedKind}
    assert {verb.removeprefix("convention.") for verb in all_verbs()} >= kinds
    condition = next(c for c in ObligationMark._meta.constraints if "ticked" in str(c))
    assert all(kind in str(condition) for kind in OBLIGATIONS)
    written = (PACKAGE / "vault" / "renewing.py").read_text()
    assert set(re.findall(r'_journal\("(\w+)"', written)) == set(KEYS)


def test_a_verb_without_words_is_seen(tmp_path: Path) -> None:
    (tmp_path / "room.py").write_text(
        "def act():\n    record(verb='made', by=None)\n    _note('handed')\n    record(verb=f'family.{kind}')\n    record(verb=one())\n"
        "def _note(verb):\n    record(verb=verb)\n"
        "def kept(row, *, verb='by_default'):\n    record(verb=verb)\n"
    )
    found = {(one.verb, one.is_family) for one in verbs(tmp_path)}
    assert found == {("made", False), ("handed", False), ("family.", True), ("", True), ("by_default", False)}


def test_things_and_fields_have_their_french_names() -> None:
    assert verb_words("consult") == "A consulté un dossier sans le suivre"
    assert verb_words("of.another.version") == "of.another.version"
    assert verb_words("ask", "application") == "A demandé des pièces pour un dossier de droits"
    assert verb_words("grant", "application") == verb_words("grant")
    assert (object_words("referral"), object_words("cases_participation")) == ("orientation", "participation")
    assert field_words("referral", "identity,narrative") == "Identité, récit"
    assert field_words("cases_participation", "due_on,closed_at") == "Échéance, clos le"
    assert field_words("referrals_referral", "state,acknowledged_by,contacted_by") == "État, par qui"


def test_a_refused_page_is_said_in_words_whatever_its_address() -> None:
    names = [one.name for one in addresses(get_resolver().url_patterns)]
    assert {name.partition(":")[0] for name in names if ":" in name} == set(PAGES)
    assert {object_words(name) for name in names} == {*PAGES.values(), "page"}
    assert object_words("thing_of_another_version") == "thing_of_another_version"
    assert reason_words("GET 404") == "lecture : introuvable, ou pas ouvert (404)"
    assert reason_words("POST 403") == "envoi : rôle qui ne le permet pas (403)"
    assert set(REFUSALS) == {str(status) for status in (*_DENIALS, _UNAVAILABLE)}
    for written in ("prise en charge", "liste de travail ; sans identité : 404", "GET 999", ""):
        assert reason_words(written) == written
