"""Settings of the tests: the real ones, with what a test machine lacks filled in before they are read."""

import os

os.environ.setdefault("REMIT_SECRET_KEY", "tests only, not a secret")
os.environ.setdefault("REMIT_DEMO", "on")

from governance.settings.base import *  # noqa: F403
