"""What a case's service is called on screen: as the text of its convention says it."""

from maillage.cases.models import Case
from maillage.catalogue.services import service_name
from maillage.web.presentation.typography import typeset


def service_of(case: Case) -> str:
    """The name of a case's service; `case.authorisation` is read with the case."""
    return typeset(service_name(case.service, case.authorisation.label))
