"""The sheet with the square code of a support, to pin up: what it holds is its printed address, and nobody."""

from functools import lru_cache
from urllib.parse import urlsplit
from uuid import UUID

import segno
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from maillage.catalogue.models import Support
from maillage.catalogue.poster import poster as sheet_of
from maillage.documents.composition import Sheet
from maillage.documents.rendering import render_pdf
from maillage.organisations.roles import Permission
from maillage.web.middleware import MemberRequest
from maillage.web.rules import page
from maillage.web.supports.reading import known_or_404


def printed_address(support: Support) -> str:
    """The address that the code holds: short, and the same for all versions."""
    return f"{settings.SITE_URL.rstrip('/')}{reverse('support_code', args=[support.code])}"


@page(permission=Permission.READ_CONVENTIONS)
def poster(request: MemberRequest, support: UUID) -> HttpResponse:
    """The sheet, as a tagged PDF; none while the address gives nothing."""
    shown = known_or_404(request, support)
    if shown.current is None:
        messages.warning(request, "Ce support n’est pas donné en ce moment : rien à afficher.")
        return redirect("supports:support", support)
    row = shown.support
    address = printed_address(row)
    rows = segno.make(address, error="m", micro=False).matrix
    parts = urlsplit(address)
    sheet = sheet_of(
        title=row.title,
        kind=row.kind,
        purpose=row.purpose,
        owner=row.organisation.name,
        rows=tuple("".join("1" if dark else "0" for dark in line) for line in rows),
        address=f"{parts.netloc}{parts.path}",
    )
    answer = HttpResponse(_drawn(sheet), content_type="application/pdf")
    answer["Content-Disposition"] = 'inline; filename="affichette.pdf"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


@lru_cache(maxsize=64)
def _drawn(sheet: Sheet) -> bytes:
    """The PDF of a sheet that everybody prints alike. Nothing in it names a person."""
    return render_pdf("sheet", sheet.as_data())
