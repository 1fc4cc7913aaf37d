"""Where the bytes of training sets lie: sealed, one file a set."""

from functools import cache

from django.conf import settings

from governance.core.keyring import KeyRing
from governance.core.storage import SealedFolder


@cache
def vault() -> SealedFolder:
    """Return the folder, with the key ring that web and workers share.

    Raises:
        Unavailable: when the key file is missing or readable by others.
    """
    return SealedFolder(settings.STATE_DIR / "sealed" / "training", KeyRing.load(settings.STORAGE_KEY_FILE))
