"""Where the bytes of files handed to the gateway lie: sealed, one file a part."""

from functools import cache
from uuid import UUID

from django.conf import settings

from governance.core.ids import uuid7
from governance.core.sealing import KeyRing
from governance.core.storage import SealedFolder


@cache
def upload_vault() -> SealedFolder:
    """Return the folder, with the key ring that web and workers share.

    Raises:
        Unavailable: when the key file is missing or readable by others.
    """
    return SealedFolder(settings.STATE_DIR / "sealed" / "uploads", KeyRing.load(settings.STORAGE_KEY_FILE))


def new_ref(upload: UUID) -> str:
    """Return the name of another part of a file."""
    return f"upload-{upload.hex}-{uuid7().hex}"


def erase(upload: UUID) -> None:
    """Remove all parts of a file, those too that were sealed when a process was killed, and of which nobody heard."""
    for each in upload_vault().root.glob(f"*upload-{upload.hex}-*"):
        each.unlink(missing_ok=True)
