"""The forms of requests. What they accept is what the actions accept: messages stand at their fields."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from django import forms

from maillage.protection.requests.people import Person, Title
from maillage.protection.requests.receiving import checks_open
from maillage.protection.requests.rules import LONGEST, RIGHT_WORDS, Channel, Check, Subject, grounds
from maillage.web.presentation.days import DayField
from maillage.web.presentation.forms import ParagraphsField, TokenForm
from maillage.web.presentation.typography import typeset
from maillage.web.protection.forms import CHOOSE, NOBODY, answers, words

_SEALED: Final = "Chiffré : votre organisme seul le lit."


def choices(labels: Any) -> list[tuple[str, str]]:
    """What is offered of an enumeration, each with a capital."""
    return [(one.value, typeset(one.label[0].upper() + one.label[1:])) for one in labels]


def _line(label: str, help_text: str = "", *, required: bool = True) -> forms.CharField:
    return forms.CharField(
        label=label, help_text=help_text, required=required, max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": f"Écrivez son {label.lower()}.", "max_length": "Écrivez 120 caractères au plus."},
    )  # fmt: skip


class IdentifyForm(TokenForm):
    """Who asks, and how one knows it."""

    surname = _line("Nom", _SEALED)
    given_name = _line("Prénom")
    birth_date = DayField(label="Date de naissance", required=False)
    address = ParagraphsField(
        label="Adresse pour lui répondre", required=False, max_length=500,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
        error_messages={"max_length": "Écrivez 500 caractères au plus."},
    )  # fmt: skip
    title = answers(
        "Qui fait la demande ?",
        [("", "Elle-même"), *choices(Title)],
        required=False,
        help_text="Pour elle, seulement qui peut montrer son titre : un jugement, un mandat écrit.",
    )
    asker = forms.CharField(
        label="Si ce n’est pas elle : nom de qui demande", required=False, max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"max_length": "Écrivez 120 caractères au plus."},
    )  # fmt: skip
    check_made = answers(
        "Comment son identité est-elle vérifiée ?",
        choices(checks_open(None)),
        help_text="En proportion : on ne garde aucune copie d’un document d’identité. Le jour est gardé.",
    )

    def __init__(
        self, data: Any = None, *, initial: Mapping[str, object] | None = None, passed: Check | None = None
    ) -> None:
        super().__init__(data, initial=initial)
        self.choose("check_made", choices(checks_open(passed)))

    def person(self) -> Person:
        """Who asks, as typed."""
        values = self.cleaned_data
        return Person(
            values["surname"].strip(), values["given_name"].strip(), values["birth_date"], values["address"].strip(),
            values["asker"].strip(), values["title"],
        )  # fmt: skip


class ReceiveForm(IdentifyForm):
    """A request as it comes."""

    received_on = DayField(label="Quand la demande est-elle arrivée ?")
    channel = answers(
        "Comment ?",
        choices(Channel),
        help_text="D’un courriel, ne recopiez rien ici : il reste où il est, ou s’efface.",
    )
    subject = answers("Au sujet de qui ?", choices(Subject))
    rights = forms.MultipleChoiceField(
        label="Que demande-t-elle ?", choices=[(key.value, typeset(label)) for key, label in RIGHT_WORDS.items()],
        widget=forms.CheckboxSelectMultiple,
        help_text="L’effacement et la portabilité se notent aussi : là où aucun texte ne les ouvre, la réponse est un refus motivé. "
        "Les articles sont ceux du RGPD, le règlement européen sur les données personnelles.",
        error_messages={**CHOOSE, "required": "Cochez au moins un droit."},
    )  # fmt: skip
    field_order = [
        "received_on", "channel", "subject", "rights", "surname", "given_name", "birth_date", "address", "title", "asker", "check_made",
    ]  # fmt: skip


class SearchForm(forms.Form):
    """Whom one looks for in one's own cases; nothing of it is kept."""

    use_required_attribute = False
    surname = _line("Nom", required=False)
    birth_date = DayField(label="Date de naissance", required=False)
    nir = forms.CharField(
        label="Ou son numéro de sécurité sociale", required=False, max_length=30,
        help_text="Seulement si elle l’a donné. Rien de cette recherche n’est gardé.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
        error_messages={"max_length": "Ce numéro est trop long."},
    )  # fmt: skip


class CasesForm(forms.Form):
    """Which of the cases found are hers."""

    use_required_attribute = False
    cases = forms.MultipleChoiceField(
        label="Lesquels sont les siens ?", required=False, widget=forms.CheckboxSelectMultiple, error_messages=CHOOSE,
        help_text="Comparez le prénom et la date de naissance : des personnes portent le même nom. Ne cochez rien si aucun n’est le sien.",
    )  # fmt: skip

    def __init__(
        self, data: Any = None, *, found: Sequence[tuple[str, str]], ticked: Sequence[str] = ()
    ) -> None:
        super().__init__(data, initial={"cases": list(ticked)})
        self.fields["cases"].choices = list(found)  # type: ignore[attr-defined]


class ContactSearchForm(forms.Form):
    """Which contact one looks for; nothing of it is kept."""

    use_required_attribute = False
    words = forms.CharField(
        label="Son nom, sa fonction ou son adresse électronique", max_length=120,
        help_text="Au moins trois lettres, comme vous les avez écrites. Rien de cette recherche n’est gardé.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "Écrivez de qui il s’agit.", "max_length": "Écrivez 120 caractères au plus."},
    )  # fmt: skip


class ContactsForm(forms.Form):
    """Which of the contacts found are her."""

    use_required_attribute = False
    contacts = forms.MultipleChoiceField(
        label="Lesquels sont cette personne ?", required=False, widget=forms.CheckboxSelectMultiple, error_messages=CHOOSE,
        help_text="Une adresse générique peut être celle d’un service. Ne cochez rien si aucun n’est cette personne.",
    )  # fmt: skip

    def __init__(
        self, data: Any = None, *, found: Sequence[tuple[str, str]], ticked: Sequence[str] = ()
    ) -> None:
        super().__init__(data, initial={"contacts": list(ticked)})
        self.fields["contacts"].choices = list(found)  # type: ignore[attr-defined]


class AskForm(forms.Form):
    """To whom the request is passed on."""

    use_required_attribute = False
    bodies = forms.MultipleChoiceField(
        label="Transmettre à", widget=forms.CheckboxSelectMultiple,
        error_messages={**CHOOSE, "required": "Choisissez au moins un organisme."},
    )  # fmt: skip
    along = forms.MultipleChoiceField(
        label="Ce qui part avec la demande", required=False, widget=forms.CheckboxSelectMultiple, error_messages=CHOOSE,
        help_text="Ce dont l’autre a besoin, rien de plus, si elle veut qu’il lui réponde. Chiffré pour lui seul, effacé avec sa demande.",
    )  # fmt: skip

    def __init__(
        self,
        data: Any = None,
        *,
        offered: Sequence[tuple[str, str]],
        ticked: Sequence[str],
        along: Sequence[tuple[str, str]],
    ) -> None:
        super().__init__(data, initial={"bodies": list(ticked), "along": [key for key, _ in along]})
        self.fields["bodies"].choices = list(offered)  # type: ignore[attr-defined]
        self.fields["along"].choices = list(along)  # type: ignore[attr-defined]
        if not along:
            del self.fields["along"]


class RectifyForm(CasesForm):
    """What was put right, and in which of her cases."""

    what = words(
        "Qu’est-ce qui est rectifié ?",
        f"Par exemple : la date de naissance est corrigée au dossier. {NOBODY}",
        rows=3,
    )


class ExtendForm(forms.Form):
    """Why the answer takes longer."""

    use_required_attribute = False
    reason = words("Pourquoi faut-il plus d’un mois ?", f"La lettre le dira à la personne. {NOBODY}", rows=3)


class RefuseForm(forms.Form):
    """Why the request is refused."""

    use_required_attribute = False
    ground = answers("Motif", choices(grounds()))
    words = words("Pourquoi il s’applique ici", f"La lettre le dira à la personne. {NOBODY}", longest=LONGEST)


def initial_of(person: Person | None, check_made: str) -> Mapping[str, str | date | None]:
    """What a form starts from: who asks as one's own file says it."""
    found: dict[str, str | date | None] = {"check_made": check_made}
    if person is not None:
        found |= {
            "surname": person.surname,
            "given_name": person.given_name,
            "birth_date": person.birth_date,
            "address": person.address,
            "asker": person.asker,
            "title": person.title,
        }
    return found
