"""The referral that somebody acts on, with its case, what the person agreed to and whether she follows it, by one statement: every
step begins with it.

Written out rather than built: Django takes six times as long to build such a query as PostgreSQL to answer it.
"""

from typing import Any, Final, TypeVar
from uuid import UUID

from django.db import connection
from django.db.models import Model

from maillage.beneficiaries.models import Consent
from maillage.cases.models import Case, Participation
from maillage.organisations.member import Member
from maillage.referrals.models import Referral
from maillage.referrals.withheld import as_sent

M = TypeVar("M", bound=Model)


def _columns(model: type[Model], name: str) -> str:
    return ", ".join(f'{name}."{field.column}"' for field in model._meta.concrete_fields)


# Whose part runs, as `queries.visible_to` and row security say; where the progress is withheld, row security hides the referral.
ACTED_ON: Final = f"""
SELECT part.withheld,
       EXISTS (SELECT FROM cases_following mine WHERE mine.case_id = part.case_id AND mine.organisation_id = part.organisation_id
                  AND mine.user_id = %s AND mine.until IS NULL),
       {_columns(Case, "known")}, {_columns(Consent, "agreed")}, {_columns(Referral, "asked")}
  FROM cases_participation part
  JOIN cases_case known ON known.id = part.case_id
  LEFT JOIN beneficiaries_consent agreed ON agreed.case_id = part.case_id
  LEFT JOIN referrals_referral asked ON asked.case_id = part.case_id
 WHERE part.case_id = %s AND part.organisation_id = %s AND part.kind = 'referral'
   AND (part.until IS NULL OR part.until > statement_timestamp())
"""  # noqa: S608 - names of columns, no value
_LOCKED: Final = (
    f"SELECT {_columns(Referral, 'asked')} FROM referrals_referral asked WHERE asked.case_id = %s FOR UPDATE"  # noqa: S608
)


def acted_on(case: UUID, *, by: Member) -> Referral:
    """The referral of a case in which the acting organisation takes part; raises Participation.DoesNotExist."""
    with connection.cursor() as cursor:
        cursor.execute(ACTED_ON, [by.user, case, by.organisation])
        row = cursor.fetchone()
    if row is None:
        raise Participation.DoesNotExist
    withheld, followed, *values = row
    known = _taken(Case, values)
    agreed, referral = _taken(Consent, values), _taken(Referral, values)
    if agreed.case_id is not None:
        agreed.case = known
    found = as_sent(case) if withheld else referral
    found.case = known
    found.followed_by = by.user if followed else None
    return found


def locked(referral: Referral) -> None:
    """Take the row until the transaction ends, as it is now: its key does not change, nobody else acts on it meanwhile."""
    case = referral.case
    if referral.withheld:
        now = as_sent(referral.case_id, locking=True)
    else:
        with connection.cursor() as cursor:
            cursor.execute(_LOCKED, [referral.case_id])
            row = cursor.fetchone()
        if row is None:
            raise Referral.DoesNotExist
        now = _taken(Referral, list(row))
    vars(referral).update(vars(now))
    referral.case = case


def _taken(model: type[M], values: list[Any]) -> M:
    """The row of a model at the beginning of these values, taken off them."""
    names = [field.attname for field in model._meta.concrete_fields]
    row = model.from_db(connection.alias, names, values[: len(names)])
    del values[: len(names)]
    return row
