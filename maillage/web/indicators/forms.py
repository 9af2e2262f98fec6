"""The forms of a year's questions: one for each place of an answer, its fields by the kind of answer; and a reason."""

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from django import forms

from maillage.conventions.terms.steering import AnswerKind
from maillage.core.refusals import Fault
from maillage.indicators.figures import Figure
from maillage.indicators.sheets.actions import Given
from maillage.indicators.sheets.models import YearAnswer
from maillage.indicators.sheets.rules import LONGEST_COMMENT, LONGEST_WORDS, Said
from maillage.indicators.wording import said as value_said
from maillage.web.presentation.numbers import number
from maillage.web.presentation.typography import typeset

_SPACES: Final = str.maketrans("", "", " \u00a0\u202f")
_NUMERIC: Final = {"inputmode": "decimal", "class": "short-input", "autocomplete": "off"}
_ASIDES: Final = ("why", "comment")
_NOT_A_NUMBER: Final = "Écrivez un nombre, par exemple 1 234 ou 12,5."


class NumberField(forms.CharField):
    """A number as people type it: « 1 234,5 », « 1234.5 ». None when nothing was."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            required=False, max_length=40, widget=forms.TextInput(attrs=dict(_NUMERIC)), **options
        )

    def clean(self, value: Any) -> Any:
        """The number, or a message in French."""
        text = super().clean(value).translate(_SPACES).replace(",", ".").removesuffix("%")
        if not text:
            return None
        try:
            found = Decimal(text)
        except InvalidOperation as error:
            raise forms.ValidationError(_NOT_A_NUMBER) from error
        if not found.is_finite() or abs(found) > Decimal(10) ** 11:
            raise forms.ValidationError(_NOT_A_NUMBER)
        return round(found, 4)


class AnswerForm(forms.Form):
    """The answer at one place. Its fields are named after it: « question-part-value »."""

    use_required_attribute = False
    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=30_000)

    def __init__(
        self,
        data: Any = None,
        *,
        figure: Figure,
        newest: YearAnswer | None,
        before: Sequence[tuple[int, Figure]] = (),
        is_open: bool = True,
    ) -> None:
        super().__init__(
            data, prefix=prefix_of(figure.place), initial=_initial(figure.answer, newest), auto_id="id-%s"
        )
        self.figure, self.newest, self.before = figure, newest, before
        for name, field in _fields(figure).items():
            self.fields[name] = field
            field.disabled = not is_open
            field.need = True  # type: ignore[attr-defined]  # the page says once that no answer is compulsory
        self.legend = typeset(figure.label)

    @property
    def given(self) -> Given:
        """The answer of a valid form."""
        said = self.cleaned_data
        value = said.get("value")
        number_, words = _parted(self.figure.answer, value)
        return Given(
            self.figure.place,
            Said(
                number_,
                words,
                _whole(said.get("count")),
                _whole(said.get("over")),
                said.get("comment", "").strip(),
                said.get("why", "").strip(),
            ),
            said["revision"],
        )

    def clean(self) -> dict[str, Any]:
        """A numerator and a denominator are whole numbers; a percentage is given one way."""
        said = super().clean() or self.cleaned_data
        for name in ("count", "over"):
            if said.get(name) is not None and said[name] != int(said[name]):
                self.add_error(name, "Écrivez un nombre entier.")
        terms = said.get("count") is not None or said.get("over") is not None
        if terms and said.get("value") not in {None, ""}:
            self.add_error("value", "Donnez le pourcentage, ou ses deux termes.")
        return said

    @property
    def asides(self) -> list[forms.BoundField]:
        """What may be added to the answer: why it is right, a comment."""
        return [self[name] for name in _ASIDES if name in self.fields]

    @property
    def answers(self) -> list[forms.BoundField]:
        """The fields of the answer itself."""
        return [bound for bound in self.visible_fields() if bound.name not in _ASIDES]

    @property
    def aside_holds(self) -> bool:
        """Whether something was added, or is wrong there."""
        return any(bound.value() or bound.errors for bound in self.asides)

    @property
    def holds(self) -> bool:
        """Whether something was answered, or is wrong."""
        return (
            bool(self.errors)
            or self.aside_holds
            or any(bound.value() not in {None, ""} for bound in self.answers)
        )

    def take(self, fault: Fault) -> bool:
        """Show a fault of this form at its field; False for one of another form."""
        prefix, _, name = (fault.field or "").rpartition("-")
        if prefix != self.prefix:
            return False
        self.add_error(name if name in self.fields else None, typeset(fault.message))
        return True


def prefix_of(place: tuple[str, str]) -> str:
    """What the fields of one place begin with."""
    return "-".join(place)


def _fields(figure: Figure) -> dict[str, forms.Field]:
    counted = "" if figure.counted is None else f"Maillage compte : {value_said(figure.counted, figure)}."
    found: dict[str, forms.Field] = {}
    match figure.answer:
        case AnswerKind.YES_NO:
            choices = [("", "Pas de réponse"), ("1", "Oui"), ("0", "Non")]
            found["value"] = forms.ChoiceField(
                label="Réponse", choices=choices, required=False, help_text=typeset(counted)
            )
        case AnswerKind.CHOICE:
            choices = [("", "Pas de réponse"), *figure.choices]
            found["value"] = forms.ChoiceField(label="Réponse", choices=choices, required=False)
        case AnswerKind.OPEN:
            found["value"] = forms.CharField(
                label="Réponse",
                required=False,
                max_length=LONGEST_WORDS,
                widget=forms.Textarea(attrs={"rows": 4}),
                help_text=typeset("Ne parlez d’aucune personne : ce texte peut circuler."),
            )
        case AnswerKind.PERCENT:
            found["value"] = NumberField(label="Pourcentage", help_text=typeset(counted))
            found["count"] = NumberField(label="ou numérateur")
            found["over"] = NumberField(label="et dénominateur")
            found["why"] = _words("Pourquoi c’est juste, si ce chiffre surprend")
        case AnswerKind.DURATION:
            found["value"] = NumberField(label="Jours", help_text=typeset(counted))
        case _:
            found["value"] = NumberField(label="Nombre", help_text=typeset(counted))
    found["comment"] = _words("Commentaire")
    return found


def _initial(kind: AnswerKind, newest: YearAnswer | None) -> dict[str, Any]:
    if newest is None:
        return {"revision": 0}
    value = newest.words if kind in {AnswerKind.CHOICE, AnswerKind.OPEN} else _shown(newest.number)
    return {
        "revision": newest.revision,
        "value": value,
        "count": _shown(newest.count),
        "over": _shown(newest.over),
        "comment": newest.comment,
        "why": newest.why,
    }


def _words(label: str) -> forms.CharField:
    return forms.CharField(
        label=label, required=False, max_length=LONGEST_COMMENT, widget=forms.Textarea(attrs={"rows": 2})
    )


def _shown(value: Decimal | int | None) -> str:
    if value is None:
        return ""
    decimals = max(0, -int(Decimal(value).normalize().as_tuple().exponent))
    return number(value, decimals)


def _parted(kind: AnswerKind, value: Any) -> tuple[Decimal | None, str]:
    """What was typed, as a number or as words."""
    if kind in {AnswerKind.CHOICE, AnswerKind.OPEN}:
        return None, str(value or "").strip()
    if kind is AnswerKind.YES_NO:
        return (Decimal(value) if value else None), ""
    return value, ""


def _whole(value: Decimal | None) -> int | None:
    return None if value is None else int(value)


class ReasonForm(forms.Form):
    """Why a sheet is given back, or opened again."""

    use_required_attribute = False
    reason = forms.CharField(
        label="Pourquoi",
        max_length=LONGEST_COMMENT,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Dites pourquoi : les autres parties le liront."},
    )
