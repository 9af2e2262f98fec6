"""Every field of every model is classified; what is missing is said with what to add."""

import pytest

from maillage.beneficiaries.models import Beneficiary
from maillage.privacy import registry
from maillage.privacy.register import declarations, faults
from maillage.privacy.registry import Form, NotPersonal, Personal, Subject, declare, not_personal


def test_every_field_of_every_model_is_classified() -> None:
    assert faults() == [], "\n".join(faults())


def test_a_new_field_turns_the_registry_red_and_says_what_to_add(monkeypatch: pytest.MonkeyPatch) -> None:
    declarations()
    known = {label: dict(fields) for label, fields in declarations().items()}
    del known["beneficiaries.Beneficiary"]["identity"]
    monkeypatch.setattr(registry, "_DECLARED", known)
    (fault,) = faults()
    assert "beneficiaries.Beneficiary.identity is not classified" in fault
    assert "maillage/beneficiaries/privacy.py" in fault


def test_a_field_or_a_model_that_is_gone_turns_it_red_too(monkeypatch: pytest.MonkeyPatch) -> None:
    known = {label: dict(fields) for label, fields in declarations().items()}
    monkeypatch.setattr(registry, "_DECLARED", known)
    declare(Beneficiary, not_personal("shoe_size"))
    declare("beneficiaries.Ghost", not_personal("id"))
    assert faults() == [
        "beneficiaries.Ghost: no such model; remove its declaration",
        "beneficiaries.Beneficiary.shoe_size: no such field; remove it from maillage/beneficiaries/privacy.py",
    ]


def test_a_field_has_one_meaning() -> None:
    declarations()
    with pytest.raises(ValueError, match="declared twice"):
        declare(Beneficiary, {"identity": NotPersonal()})


def test_what_a_person_says_of_herself_is_never_kept_in_the_clear() -> None:
    declared = declarations()
    for label, field in (
        ("beneficiaries.Beneficiary", "identity"),
        ("referrals.Referral", "narrative"),
        ("referrals.Draft", "sealed"),
        ("documents.Document", "name"),
    ):
        found = declared[label][field]
        assert isinstance(found, Personal)
        assert found.form is Form.ENCRYPTED
        assert found.subject is Subject.BENEFICIARY


def test_each_personal_field_says_why_how_long_and_how_it_is_destroyed() -> None:
    for fields in declarations().values():
        for found in fields.values():
            if isinstance(found, Personal):
                assert found.why.endswith(".")
                assert found.kept.endswith(".")
                assert found.destroyed.endswith(".")
