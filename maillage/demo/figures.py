"""A campaign that the Cnam opened for the year that runs, last year's sheet of the CCAS, handed over, and what the CAF says of this one."""

from datetime import date
from decimal import Decimal
from typing import Final
from uuid import uuid5

from django.db import transaction

from maillage.conventions.lifecycle.models import Convention
from maillage.core.clock import now, today
from maillage.demo.conventions import PARIS, acting_for, convention_id
from maillage.demo.referrals import PRADO
from maillage.demo.secondments import FRAMEWORK
from maillage.indicators.campaigns.actions import open_campaign
from maillage.indicators.campaigns.models import Campaign
from maillage.indicators.figures import Year
from maillage.indicators.sheets.actions import Given, answer, submit
from maillage.indicators.sheets.models import YearSheet
from maillage.indicators.sheets.rules import Said

CCAS: Final = "ccas_montbrison_2024"


def load_figures() -> None:
    """Enter what is missing, each once."""
    this_year = Year(today(PARIS).year)
    _open(this_year)
    _hand_over(Year(this_year.number - 1))
    _say_whom_it_helped(this_year)


def _open(year: Year) -> None:
    framework = convention_id(FRAMEWORK)
    with transaction.atomic(), acting_for("cnam") as national:
        if Campaign.objects.filter(framework=framework).exists():
            return
        open_campaign(
            token=uuid5(framework, "campagne"),
            framework=Convention.objects.get(id=framework),
            year=year,
            due_on=date(year.number + 1, 2, 15),
            by=national,
            at=now(),
        )


def _hand_over(year: Year) -> None:
    with transaction.atomic(), acting_for("ccas") as partner:
        convention = Convention.objects.get(id=convention_id(CCAS))
        if YearSheet.objects.filter(convention=convention).exists():
            return
        said = Said(
            words="Douze ateliers numériques avec la caisse, et deux permanences par mois à l’accueil du CCAS."
        )
        given = [Given(("fiche_suivi", ""), said)]
        answer(convention=convention, year=year, given=given, by=partner, at=now())
        submit(convention=convention, year=year, by=partner, at=now())


def _say_whom_it_helped(year: Year) -> None:
    """The CAF counts its own: nobody names it anyone, nor does it name anybody."""
    with transaction.atomic(), acting_for("caf") as family:
        convention = Convention.objects.get(id=convention_id(PRADO))
        if YearSheet.objects.filter(convention=convention).exists():
            return
        said = Said(number=Decimal(214), comment="Aides à domicile financées, toutes communes ensemble.")
        given = [Given(("personnes_aidees", ""), said)]
        answer(convention=convention, year=year, given=given, by=family, at=now())
