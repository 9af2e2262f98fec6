"""The convention on whose commitments and obligations one acts."""

from maillage.conventions.lifecycle.loaded import LoadedConvention
from maillage.conventions.lifecycle.models import Convention
from maillage.conventions.lifecycle.policies import WRITABLE, can_record
from maillage.conventions.lifecycle.recording import lock_and_load, require
from maillage.core.refusals import Refused
from maillage.organisations.member import Member


def open_signed(convention: Convention, by: Member) -> LoadedConvention:
    """The convention, locked, once all have signed. Raises Refused before, PermissionDenied for whoever records nothing in it."""
    known = lock_and_load(convention)
    if known.row.state in WRITABLE:
        require(known.mine is not None)
        raise Refused("Cette convention n’est pas encore signée par toutes les parties.")
    require(can_record(by, known))
    return known
