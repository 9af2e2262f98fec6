"""The headers under which a document's bytes leave the platform; the answer itself belongs to the pages."""

from maillage.documents.actions import Description
from maillage.documents.formats.media import MediaType
from maillage.documents.names import content_disposition

_NOTHING_RUNS = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; object-src 'self'; frame-ancestors 'none'; sandbox"


def headers_for(described: Description, *, inline: bool = False) -> dict[str, str]:
    """Headers of a download: never stored, never guessed, never run.

    `inline` shows a PDF or an image in the browser instead of saving it. The sandbox forbids scripts, forms and
    navigation even to a reader that would run what a hostile file holds.
    """
    return {
        "Content-Type": MediaType(described.media_type).value,
        "Content-Length": str(described.size),
        "Content-Disposition": content_disposition(described.name, inline=inline),
        "Content-Security-Policy": _NOTHING_RUNS,
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Cache-Control": "no-store, private",
        "Referrer-Policy": "no-referrer",
        "Cross-Origin-Resource-Policy": "same-origin",
    }
