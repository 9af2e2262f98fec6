"""Updating how far a breach reaches: a dated update for all its parties, what was first said stays."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms
from django.http import HttpResponse

from maillage.core.french import typeset
from maillage.organisations.roles import Permission
from maillage.protection.breaches.extent_rules import Extent
from maillage.protection.breaches.policies import can_update
from maillage.protection.breaches.queries import extents_of, last_known
from maillage.protection.breaches.rules import instant_of
from maillage.protection.breaches.updating import Overtaken, update_extent
from maillage.web.conventions.writing.refusals import acted
from maillage.web.middleware import MemberRequest
from maillage.web.presentation.days import DayField
from maillage.web.protection.forms import (
    GOES_ON,
    NOBODY,
    InstantForm,
    answers,
    estimate,
    happened,
    hour,
    said_to_go_on,
    touched,
    words,
)
from maillage.web.protection.opening import followed, show_form, to_breach
from maillage.web.protection.words import whole, zone_of
from maillage.web.rules import acting_member, page

_LEAD: Final = (
    "Corrigez ce qui est mieux connu : ce qui a d’abord été signalé reste écrit. Toutes les parties du dossier lisent cette mise à jour, "
    "et le formulaire pour la CNIL la reprend."
)
_TITLE: Final = "Mettre à jour l’étendue"
_OVER: Final = "Ce dossier est clos, ou joint à un autre : son étendue ne se met plus à jour ici."


class ExtentForm(InstantForm):
    """How far it reaches, as it is known now."""

    people = estimate("Combien de personnes, environ ?")
    records = estimate("Combien de documents ou de lignes, environ ?")
    natures = happened()
    kinds = touched()
    goes_on = answers("Est-ce que cela continue ?", GOES_ON)
    began_on = DayField(
        label="Commencée le", required=False, help_text="Si vous le savez. Exemple : 14/11/2024"
    )
    began_hour = hour("Heure de début", required=False)
    stopped_on = DayField(
        label="Terminée le", required=False, help_text="Si elle a pris fin. Exemple : 14/11/2024"
    )
    stopped_hour = hour("Heure de fin", required=False)
    why = words(
        "Ce que l’on sait de plus, et comment",
        f"Par exemple : la liste du prestataire, reçue ce matin. {NOBODY}",
        rows=3,
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0, max_value=32_767)

    def __init__(
        self, data: Any = None, *, zone: ZoneInfo, initial: Mapping[str, object] | None = None
    ) -> None:
        super().__init__(data, initial=initial)
        self._zone = zone

    def clean(self) -> dict[str, Any]:
        """A moment is a day and its hour: half of one is asked for, and an hour that never was is told."""
        given = self.cleaned_data
        for name in ("began", "stopped"):
            day, time = f"{name}_on", f"{name}_hour"
            if day not in given or time not in given:
                continue
            if (given[day] is None) != (given[time] is None):
                missed, said = (time, "l’heure") if given[time] is None else (day, "le jour")
                self.add_error(missed, typeset(f"Écrivez aussi {said}, ou laissez les deux vides."))
            elif given[day] and instant_of(given[day], given[time], self._zone) is None:
                self.add_error(
                    time, typeset("Cette heure n’a pas existé : le passage à l’heure d’été la saute.")
                )
        return given

    def said(self) -> Extent:
        """What was typed."""
        values = self.cleaned_data
        began, stopped = (
            self.instant(self._zone, name) if values[f"{name}_on"] else None for name in ("began", "stopped")
        )
        return Extent(
            tuple(values["natures"]), tuple(values["kinds"]), values["people"], values["records"],
            said_to_go_on(values["goes_on"]), began, stopped,
        )  # fmt: skip

    def read(self, number: int) -> None:
        """From now on its writer has read that update: sent once more, hers follows it."""
        data: Any = self.data
        self.data = data = data.copy()
        data["seen"] = str(number)


@page(permission=Permission.PROTECT_DATA, methods=("GET", "POST"))
def extent(request: MemberRequest, breach: UUID) -> HttpResponse:
    """Say how far it reaches now; the last update is the starting point."""
    row, member = followed(request, breach), acting_member(request)
    if not can_update(row):
        return show_form(request, None, row, title=_TITLE, button="", lead=_OVER)
    zone, known = zone_of(member), extents_of(row)
    form = ExtentForm(
        request.POST if request.method == "POST" else None,
        zone=zone,
        initial={**_initial(last_known(row, known), zone), "seen": known[-1].number if known else 0},
    )
    lead = [_LEAD]

    def act(values: dict[str, Any]) -> None:
        try:
            update_extent(
                breach=row, extent_id=form.new_id(), said=form.said(), why=values["why"], seen=values["seen"] or 0,
                by=member, at=request.instant,
            )  # fmt: skip
        except Overtaken as overtaken:
            form.read(overtaken.theirs.number)
            theirs = whole(last_known(row, [overtaken.theirs]), zone)
            lead[:] = [f"Enregistré entre-temps : {theirs}. « {overtaken.theirs.why} »"]
            raise

    if request.method == "POST" and acted(request, form, act, "Étendue mise à jour."):
        return to_breach(row)
    return show_form(request, form, row, title=_TITLE, button="Enregistrer", lead=typeset(lead[0]))


def _initial(last: Extent, zone: ZoneInfo) -> dict[str, object]:
    began, stopped = (one.astimezone(zone) if one else None for one in (last.began_at, last.stopped_at))
    return {
        "people": last.people,
        "records": last.records,
        "natures": list(last.natures),
        "kinds": list(last.data),
        "goes_on": {True: "oui", False: "non", None: "inconnu"}[last.goes_on],
        "began_on": began and began.date(),
        "began_hour": began and began.time(),
        "stopped_on": stopped and stopped.date(),
        "stopped_hour": stopped and stopped.time(),
    }
