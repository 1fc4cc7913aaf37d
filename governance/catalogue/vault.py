"""Where the file of an evaluation set waits to be read: sealed, and gone once it has been."""

from functools import cache

from django.conf import settings

from governance.core.keyring import KeyRing
from governance.core.storage import SealedFolder


@cache
def exam_vault() -> SealedFolder:
    """Return the folder, with the key ring that web and workers share.

    Raises:
        Unavailable: when the key file is missing or readable by others.
    """
    return SealedFolder(settings.STATE_DIR / "sealed" / "exams", KeyRing.load(settings.STORAGE_KEY_FILE))
