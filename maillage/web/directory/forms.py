"""Forms of the directory: one's own sheet, offers, mailboxes; the manager's forms."""

from typing import Any, Final

from django import forms
from django.utils.text import capfirst

from maillage.catalogue.rights import OFFERED
from maillage.core.refusals import Refused
from maillage.organisations.directory.actions import OwnSheet
from maillage.organisations.directory.offering import MailboxSheet, OfferSheet
from maillage.organisations.directory.rules import LONGEST_NAME, LONGEST_SHORT_NAME, Level, Reception, Use
from maillage.organisations.kinds import BodyKind
from maillage.web.directory.words import commune_said, zones_said
from maillage.web.presentation.days import DayField
from maillage.web.presentation.typography import typeset

_CHOOSE: Final = {
    "required": "Choisissez une réponse.",
    "invalid_choice": "Choisissez une réponse de la liste.",
}
_ZONES_HELP: Final = typeset(
    "Des communes, des départements, des régions ou « toute la France », un par ligne, par leur nom ou leur code (42147, 42, R84, FR)."
)


def _text(
    label: str, longest: int, *, needed: bool = False, help_text: str = "", **attrs: str
) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=needed,
        max_length=longest,
        help_text=typeset(help_text),
        widget=forms.TextInput(attrs={"autocomplete": "off", **attrs}),
        error_messages={
            "required": "Remplissez ce champ.",
            "max_length": f"Écrivez {longest} caractères au plus.",
        },
    )


def _lines(label: str, longest: int, help_text: str = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        required=False,
        max_length=longest,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"max_length": f"Écrivez {longest} caractères au plus."},
    )


class PlacedForm(forms.Form):
    """A form with a commune or a territory, as people write them."""

    use_required_attribute = False

    def clean_commune(self) -> str:
        """The code of a commune."""
        code, wrong = commune_said(str(self.cleaned_data["commune"]))
        if wrong:
            raise forms.ValidationError(typeset(wrong))
        return code

    def clean_territory(self) -> tuple[str, ...]:
        """The codes of zones."""
        zones, unknown = zones_said(str(self.cleaned_data["territory"]))
        if unknown:
            raise forms.ValidationError(typeset(f"Zones inconnues : {', '.join(unknown[:5])}."))
        return zones

    def refuse(self, refused: Refused) -> None:
        """Put each fault of an action at its field."""
        for fault in refused.faults:
            self.add_error(fault.field if fault.field in self.fields else None, typeset(fault.message))


class SheetForm(PlacedForm):
    """What an administrator keeps of her organisation's sheet."""

    address = _lines("Adresse", 500)
    commune = _text("Commune", 80, help_text="Nom ou code INSEE : Montbrison (42).")
    phone = _text("Téléphone", 30, inputmode="tel")
    mailbox = _text("Boîte générique", 254, help_text="Jamais celle d’une personne.", inputmode="email")
    territory = _lines("Territoire servi", 8000, _ZONES_HELP + " Vide : celui qui découle de votre nature.")

    def sheet(self) -> OwnSheet:
        """As the action takes it."""
        return OwnSheet(**self.cleaned_data)


class OfferForm(PlacedForm):
    """One offer."""

    token = forms.UUIDField(widget=forms.HiddenInput, required=False)
    service = forms.ChoiceField(
        label="Service ou droit",
        choices=[("", "Choisissez"), *((one.key, one.name) for one in OFFERED.values())],
        error_messages=_CHOOSE,
    )
    place = _text("Lieu", 200, needed=True, help_text="Accueil de Montbrison, ligne dédiée…")
    reception = forms.ChoiceField(
        label="Comment on est reçu",
        choices=[(one.value, capfirst(one.label)) for one in Reception],
        widget=forms.RadioSelect,
        error_messages=_CHOOSE,
    )
    address = _lines("Adresse", 500)
    commune = _text("Commune du lieu", 80, help_text="Nom ou code INSEE.")
    hours = _lines("Horaires", 1000, "En mots : lundi au vendredi, 9 h à 12 h.")
    phone = _text("Téléphone", 30, inputmode="tel")
    mailbox = _text("Adresse électronique", 254, inputmode="email")
    bring = _lines("À apporter", 1000, "Les pièces vraiment nécessaires, une par ligne.")
    territory = _lines("Pour qui habite", 8000, _ZONES_HELP + " Vide : le territoire de l’organisme.")

    def sheet(self) -> OfferSheet:
        """As the action takes it."""
        values = {name: value for name, value in self.cleaned_data.items() if name != "token"}
        return OfferSheet(**values)


class MailboxForm(PlacedForm):
    """One generic mailbox."""

    token = forms.UUIDField(widget=forms.HiddenInput, required=False)
    use = forms.ChoiceField(
        label="Usage",
        choices=[("", "Choisissez"), *((one.value, one.label) for one in Use)],
        error_messages=_CHOOSE,
    )
    level = forms.ChoiceField(
        label="Niveau",
        choices=[(one.value, capfirst(one.label)) for one in Level],
        widget=forms.RadioSelect,
        error_messages=_CHOOSE,
        help_text="On écrit d’abord à la boîte régionale, qui passe la main à ses correspondants locaux.",
    )
    address = _text(
        "Adresse électronique",
        254,
        needed=True,
        help_text="Une boîte générique, jamais celle d’une personne.",
    )
    label = _text("Précision", 200)
    territory = _lines("Pour qui habite", 8000, _ZONES_HELP + " Vide : le territoire de l’organisme.")

    def sheet(self) -> MailboxSheet:
        """As the action takes it."""
        values = {name: value for name, value in self.cleaned_data.items() if name != "token"}
        return MailboxSheet(**values)


class OpenForm(PlacedForm):
    """A new organisation."""

    token = forms.UUIDField(widget=forms.HiddenInput, required=False)
    kind = forms.ChoiceField(
        label="Nature",
        choices=[("", "Choisissez"), *((one.value, one.label) for one in BodyKind)],
        error_messages=_CHOOSE,
    )
    name = _text("Nom", LONGEST_NAME, needed=True)
    short_name = _text("Nom court", LONGEST_SHORT_NAME)
    siret = _text("SIRET", 20, inputmode="numeric")
    code = _text("Code", 20, help_text="Celui de son réseau : code de caisse…")
    finess = _text("FINESS", 12)
    departement = _text(
        "Département", 40, help_text="42, 2A, 974 ou Loire. Aucun pour un organisme national."
    )
    commune = _text("Commune", 80, help_text="Nom ou code INSEE.")
    parent = _text(
        "Rattaché à", LONGEST_NAME, help_text="SIRET ou nom exact : tête de réseau, hôpital d’une PASS…"
    )
    mailbox = _text("Boîte générique", 254, inputmode="email")
    phone = _text("Téléphone", 30, inputmode="tel")
    territory = _lines("Territoire servi", 8000, _ZONES_HELP + " Vide : celui qui découle de sa nature.")


class CloseForm(PlacedForm):
    """From which day, replaced by whom; `seen` is how much was shown as remaining."""

    on = DayField(label="Premier jour de fermeture")
    remplacant = _text(
        "Remplacé par",
        LONGEST_NAME,
        help_text="SIRET ou nom exact de l’organisme qui reprend, s’il y en a un.",
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)
    confirmed = forms.BooleanField(label="Je ferme malgré ce qui reste en cours", required=False)

    def __init__(self, *args: Any, remains: int, **options: Any) -> None:
        super().__init__(*args, **options)
        if not remains:
            del self.fields["confirmed"]


class ReopenForm(PlacedForm):
    """Why a closed organisation opens again."""

    reason = forms.CharField(
        label="Pourquoi le rouvrir",
        help_text="Ce motif reste dans le journal. N’y nommez personne.",
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Dites pourquoi, en 10 caractères au moins."},
    )


class FileForm(forms.Form):
    """A file of organisations."""

    use_required_attribute = False
    token = forms.UUIDField(widget=forms.HiddenInput)
    file = forms.FileField(
        label="Fichier CSV",
        help_text=typeset(
            "40 Mo au plus. UTF-8 ou Windows-1252 ; colonnes séparées par « ; », « , » ou une tabulation."
        ),
        allow_empty_file=True,
        error_messages={
            "required": "Choisissez un fichier.",
            "invalid": "Ce fichier n’est pas arrivé : choisissez-le à nouveau.",
        },
    )
