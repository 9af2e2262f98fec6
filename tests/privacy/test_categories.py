"""Each model that holds personal data is said, once, in French words that a register prints."""

from maillage.privacy.categories import CATEGORIES, held, uncategorised
from maillage.privacy.register import declarations
from maillage.privacy.registry import Form, Personal, Subject


def test_every_personal_model_is_in_one_category() -> None:
    assert uncategorised(declarations()) == [], "add these to one category of maillage/privacy/categories.py"


def test_a_new_personal_model_and_one_that_is_gone_are_seen() -> None:
    known = dict(declarations())
    personal = Personal(Subject.PROFESSIONAL, "Essai.", "Un an.", "Avec la base.")
    assert uncategorised({**known, "rights.Shoe": {"size": personal}}) == ["rights.Shoe"]
    del known["beneficiaries.Beneficiary"]
    assert uncategorised(known) == ["beneficiaries.Beneficiary"]


def test_a_category_says_what_its_fields_declare_and_no_name_of_a_table() -> None:
    for category in CATEGORIES:
        found = held(category, declarations())
        assert found.subjects
        assert found.why
        assert found.kept
        assert found.destroyed
        said = " ".join((category.title, category.data, *found.subjects, *found.why))
        assert not [model for model in category.models if model in said]
        assert "_" not in said
    identity = held(CATEGORIES[0], declarations())
    assert identity.subjects == ("personnes accompagnées",)
    assert "chiffrées" in identity.forms


def test_a_declaration_that_changes_changes_what_is_said() -> None:
    (category,) = [one for one in CATEGORIES if one.key == "accounts"]
    known = {label: dict(fields) for label, fields in declarations().items()}
    known["organisations.User"]["email"] = Personal(
        Subject.PROFESSIONAL, "Un autre motif.", "Un an.", "Avec la base.", Form.DIGEST
    )
    before, after = held(category, declarations()), held(category, known)
    assert set(after.why) - set(before.why) == {"Un autre motif."}
    assert "Un an." in after.kept
