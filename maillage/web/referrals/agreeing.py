"""What is asked about her agreement, wherever her data leave: in which language she was told, what she answered, what may return."""

from collections.abc import Mapping
from typing import Any

from django import forms

from maillage.beneficiaries.agreement import (
    ANSWERS,
    HOW,
    MANDATE_LONGEST,
    NOT_ASKED,
    PROGRESS,
    Agreement,
    agreement_problems,
    settled,
)
from maillage.beneficiaries.models import Consent
from maillage.beneficiaries.rules import LANGUAGES, NOTICES, Told
from maillage.web.presentation.components import Fact
from maillage.web.presentation.typography import typeset
from maillage.web.referrals.fields import CHOOSE, private_text

NAMES = ("language", "notice", "answer", "how", "mandate", "progress")
"""The fields, in their order."""
_NEEDED = "La convention demande son accord pour ce service."
_OPTIONAL = (
    "La convention ne l’exige pas ; demandez-le-lui quand même : elle peut refuser, et garde tous ses droits."
)


class AgreementFields(forms.Form):
    """To be mixed in a form that also says when and how she was told."""

    language = forms.ChoiceField(
        label=typeset("Dans quelle langue ?"),
        choices=list(LANGUAGES.items()),
        initial="fr",
        error_messages=CHOOSE,
    )
    notice = forms.ChoiceField(
        label=typeset("Quelle feuille lui avez-vous remise ?"),
        choices=list(NOTICES.items()),
        required=False,
        widget=forms.RadioSelect,
        error_messages=CHOOSE,
    )
    answer = forms.ChoiceField(
        label=typeset("Est-elle d’accord pour que cette demande parte ?"),
        widget=forms.RadioSelect,
        error_messages=CHOOSE,
    )
    how = forms.ChoiceField(
        label=typeset("Comment l’a-t-elle dit ?"),
        help_text="Si elle est d’accord.",
        choices=list(HOW.items()),
        required=False,
        widget=forms.RadioSelect,
        error_messages=CHOOSE,
    )
    mandate = private_text(
        "Référence du mandat",
        MANDATE_LONGEST,
        "Pour un mandat Aidants Connect seulement. Elle est chiffrée avec le dossier.",
    )
    progress = forms.ChoiceField(
        label=typeset("Que pourrez-vous savoir de la suite ?"),
        help_text="C’est elle qui choisit. Les questions de la caisse et vos messages passent dans les deux cas.",
        choices=list(PROGRESS.items()),
        widget=forms.RadioSelect,
        error_messages=CHOOSE,
    )

    def ask_agreement(self, *, needed: bool) -> None:
        """Say whether the convention asks for her agreement; where it does, that nobody asked is no answer."""
        field = self.fields["answer"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        field.help_text = _NEEDED if needed else _OPTIONAL
        field.choices = [pair for pair in ANSWERS.items() if not needed or pair[0] != NOT_ASKED]

    def agreement_faults(self, *, needed: bool) -> Mapping[str, str]:
        """What the rules refuse, by field; what failed already keeps its message."""
        given = self.cleaned_data
        if "answer" not in given or "progress" not in given:
            return {}
        return agreement_problems(_agreement(given), needed=needed)

    def agreement(self) -> Agreement:
        """What she answered; after `is_valid`."""
        return settled(_agreement(self.cleaned_data))


def _agreement(given: Mapping[str, Any]) -> Agreement:
    return Agreement(given["answer"], given["progress"], given.get("how", ""), given.get("mandate", ""))


def stored_agreement(agreement: Agreement | None, told: Told | None) -> dict[str, object]:
    """What a draft holds, to show it again."""
    found: dict[str, object] = {}
    if agreement is not None:
        found = {name: getattr(agreement, name) for name in ("answer", "how", "mandate", "progress")}
    if told is not None and told.language:
        found |= {"language": told.language, "notice": told.notice}
    return found


def agreement_facts(agreement: Agreement | Consent, mandate: str) -> list[Fact]:
    """What she answered, in words; the reference of a mandate where it opens."""
    return [
        Fact("Accord", ANSWERS.get(agreement.answer, agreement.answer), HOW.get(agreement.how, "")),
        *([Fact("Mandat Aidants Connect", mandate)] if mandate else []),
        Fact("Ce qui revient à qui l’oriente", PROGRESS.get(agreement.progress, agreement.progress)),
    ]
