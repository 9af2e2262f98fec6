"""The form that corrects an identity: the fields of the one that first took it, filled with what the case says now."""

from copy import deepcopy
from dataclasses import asdict
from datetime import date
from typing import Any

from django import forms

from maillage.beneficiaries.correcting import Standing
from maillage.beneficiaries.rules import Identity, identity_problems, tidied
from maillage.web.referrals.steps import PersonForm


class CorrectForm(forms.Form):
    """Who she is, put right. `seen`: the last correction that was read before this one was written."""

    use_required_attribute = False
    seen = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: Any = None, *, standing: Standing, on: date) -> None:
        self.standing, self.on = standing, on
        super().__init__(data, initial={**asdict(standing.identity), "seen": standing.seen})
        self.fields |= deepcopy(PersonForm.base_fields)

    @property
    def is_behind(self) -> bool:
        """Whether somebody corrected it since it was read."""
        return self.is_bound and str(self.data.get("seen", "")) != str(self.standing.seen or "")

    def clean(self) -> dict[str, Any]:
        values = self.cleaned_data
        # Names and dates that failed already have their message; the others are judged all the same.
        given = {name: said for name, said in values.items() if name != "seen"}
        probe = Identity(**{"surname": "?", "given_name": "?", "birth_date": self.on, **given})
        problems = identity_problems(probe, on=self.on)
        if "birth_date" not in values:
            problems.pop("birth_date", None)
        for field, message in problems.items():
            if field not in self.errors:
                self.add_error(field, message)
        return values

    def identity(self) -> Identity:
        """What was written, once it is valid."""
        given = {name: said for name, said in self.cleaned_data.items() if name != "seen"}
        return tidied(Identity(**given))

    def read_again(self) -> None:
        """What was typed stays; sent again, it is on what the case says now."""
        typed = {name: self.data.get(name) for name in self.data}
        self.data = {**typed, "seen": str(self.standing.seen or "")}
