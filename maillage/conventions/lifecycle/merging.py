"""From one judgement for each reading to the facts shown: what agrees at the top, whole objects where it
does not.
"""

from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any, TypeVar

from maillage.conventions.lifecycle.exits import outcome
from maillage.conventions.lifecycle.facts import ExitRow, Facts, Outlook, Remark, RenewalRow
from maillage.conventions.lifecycle.judging import Case, Judgement
from maillage.conventions.lifecycle.reading import (
    Group,
    Result,
    articles_of,
    group,
    names_of,
    texts_of,
)
from maillage.conventions.lifecycle.states import State
from maillage.conventions.terms.readings import Variant
from maillage.core.calendar import french

_T = TypeVar("_T")


def merged(case: Case, results: Sequence[Result[Judgement]]) -> Facts:
    """The facts of `case`, with `readings` when the combinations give different states, ends or renewals."""
    groups = group(case.ambiguities, results, Judgement.key)
    remarks = [*case.remarks, *_ambiguity_remarks(case)]
    outlooks = _outlooks(case, results)
    if len(groups) == 1:
        return _facts_of(case, groups[0], remarks, outlooks)
    objects = [_facts_of(case, one, []) for one in groups]
    renewals, _ = _shared_renewals([each.renewals for each in objects])
    return Facts(
        id=case.id,
        on=case.on,
        state=_agreed(each.state for each in objects),
        end_kind=_agreed(each.end_kind for each in objects),
        starts=_agreed(each.starts for each in objects),
        ends=_agreed(each.ends for each in objects),
        anniversary=_agreed(each.anniversary for each in objects),
        renewals=renewals,
        exits=_shared_rows(objects),
        readings=tuple(objects),
        warnings=_unique([*remarks, *_told(case, results), *_doubtful(objects)]),
        out_from=min((each.out_from for each in objects if each.out_from), default=None),
        term_article=case.term_variants[0].clause.article,
        outlooks=outlooks,
        departures=tuple(
            left for left in objects[0].departures if all(left in each.departures for each in objects)
        ),
    )


def _facts_of(
    case: Case, one: Group[Judgement], remarks: list[Remark], outlooks: tuple[Outlook, ...] = ()
) -> Facts:
    judgement = one.first.value
    members = [result.value for result in one.members]
    renewals, doubtful = _shared_renewals([each.course.renewals for each in members])
    return Facts(
        id=case.id,
        on=case.on,
        state=judgement.state,
        end_kind=judgement.end_kind,
        starts=judgement.course.starts,
        ends=judgement.ends,
        anniversary=judgement.anniversary,
        renewals=renewals,
        exits=_rows(case, one),
        warnings=_unique([*remarks, *_told(case, one.members), *doubtful]),
        out_from=min((each.out for each in members if each.out), default=None),
        departures=judgement.departures,
        reading=names_of(one.named),
        reading_text=texts_of(one.named),
        article=articles_of(one.named),
        term_article=case.term_variants[0].clause.article,
        outlooks=outlooks,
    )


def _rows(case: Case, one: Group[Judgement]) -> tuple[ExitRow, ...]:
    """One row for each exit and reading; only its own when the group has chosen one."""
    named = {id(variant) for variant in one.named}
    shown = [[one for one in variants if id(one) in named] or variants for variants in case.exit_variants]
    rows = (_row_of(one, variant) for variants in shown for variant in variants)
    return tuple(row for row in rows if row is not None)


def _row_of(one: Group[Judgement], variant: Variant[Any]) -> ExitRow | None:
    """What an exit still allows under one of its readings, or what was made of it before the end."""
    judged = next(
        (each.value for each in one.members if any(chosen is variant for chosen in each.chosen)),
        one.first.value,
    )
    return left_of(outcome(variant.clause, variant.name, judged.situation).row, judged)


def left_of(row: ExitRow, judged: Judgement) -> ExitRow | None:
    """The end closes the ways out: after it only the one that was used is left, before it no day beyond it."""
    out = judged.out
    if judged.state is State.ENDED:
        return row if row.effect is not None and out is not None and row.effect <= out else None
    if out is None:
        return row
    if row.first_day is not None and row.first_day >= out:
        return row._replace(first_day=None, last_day=None)
    return row._replace(last_day=None) if row.last_day is not None and row.last_day >= out else row


def _outlooks(case: Case, results: Sequence[Result[Judgement]]) -> tuple[Outlook, ...]:
    """What follows under each reading; nothing where they agree on it."""
    groups = group(case.ambiguities, results, Judgement.following)
    if len(groups) == 1:
        return ()
    return tuple(
        Outlook(
            names_of(one.named), texts_of(one.named), articles_of(one.named), *one.first.value.following()
        )
        for one in groups
    )


def _shared_renewals(
    rows: Sequence[Sequence[RenewalRow]],
) -> tuple[tuple[RenewalRow, ...], list[Remark]]:
    """The renewals that all readings see; a remark for each of the others (S0 art. 6: once, or each time?)."""
    if len(rows) == 1:
        return tuple(rows[0]), []
    shared = tuple(row for row in rows[0] if all(row in others for others in rows))
    doubtful = dict.fromkeys(row for others in rows for row in others if row not in shared)
    return shared, [
        Remark(row.article, f"Renouvellement au {french(row.since)} : selon la lecture retenue.")
        for row in doubtful
    ]


def _shared_rows(objects: Sequence[Facts]) -> tuple[ExitRow, ...]:
    """Each exit and reading once; a date is left out where the readings disagree on it."""
    rows: dict[tuple[str, str], list[ExitRow]] = {}
    for each in objects:
        for row in each.exits:
            rows.setdefault((row.name, row.reading), []).append(row)
    return tuple(
        found[0] if all(row == found[0] for row in found) else _without_doubtful_days(found)
        for found in rows.values()
    )


def _without_doubtful_days(found: Sequence[ExitRow]) -> ExitRow:
    return found[0]._replace(
        first_day=_agreed(row.first_day for row in found),
        last_day=_agreed(row.last_day for row in found),
        effect=_agreed(row.effect for row in found),
    )


def _ambiguity_remarks(case: Case) -> list[Remark]:
    """Each clause that can still be read in several ways, with its readings."""
    clauses = [case.term_variants, case.renewal_variants, *case.exit_variants]
    return [
        Remark(
            variants[0].clause.article,
            "Le texte se lit de plusieurs façons : " + " ; ".join(variant.text for variant in variants) + ".",
        )
        for variants in clauses
        if len(variants) > 1
    ]


def _told(case: Case, results: Sequence[Result[Judgement]]) -> list[Remark]:
    """The remarks of all combinations; one that is not common to all says under which reading it holds."""
    remarks = dict.fromkeys(remark for result in results for remark in result.value.remarks)
    if len(results) == 1:
        return list(remarks)
    found: list[Remark] = []
    for remark in remarks:
        groups = group(case.ambiguities, results, partial(_says, remark))
        if len(groups) == 1:
            found.append(remark)
            continue
        found += [
            Remark(remark.article, f"Selon « {texts_of(one.named)} » : {remark.text}")
            for one in groups
            if remark in one.first.value.remarks
        ]
    return found


def _says(remark: Remark, judged: Judgement) -> bool:
    return remark in judged.remarks


def _doubtful(objects: Sequence[Facts]) -> list[Remark]:
    """The renewals on which the combinations of one object already disagree."""
    return [
        remark for each in objects for remark in each.warnings if remark.text.startswith("Renouvellement au")
    ]


def _agreed(values: Iterable[_T]) -> _T | None:
    """The value that all share, else nothing; there is at least one."""
    known = iter(values)
    first = next(known)
    return first if all(value == first for value in known) else None


def _unique(remarks: Iterable[Remark]) -> tuple[Remark, ...]:
    return tuple(dict.fromkeys(remarks))
