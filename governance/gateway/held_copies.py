"""Where the sealed copies of held requests lie, for the process that shows them. The gateway writes them by `holding`."""

from pathlib import Path

from django.conf import settings

from governance.core.sealing import KeyRing
from governance.core.storage import SealedFolder


def held_folder() -> SealedFolder:
    """Return the folder. Raises Unavailable when the key file cannot be read."""
    return SealedFolder(Path(settings.STATE_DIR) / "holds", KeyRing.load(settings.STORAGE_KEY_FILE))
