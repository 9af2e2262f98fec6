"""Personal data of this room: a file may hold some, so its name and content are encrypted."""

from maillage.documents.models import Document
from maillage.privacy.registry import declare, not_personal
from maillage.privacy.retention import encrypted

declare(
    Document,
    {
        **not_personal("id organisation readers media_type size sha256 wrapped_key created_at"),
        "name": encrypted("Reconnaître le document."),
    },
)
