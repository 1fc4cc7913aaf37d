"""Settings of the tests: the real ones, with what a test machine lacks filled in before they are read."""

import os

os.environ.setdefault("REMIT_SECRET_KEY", "tests only, not a secret")
os.environ.setdefault("REMIT_DEMO", "on")

from governance.settings.base import *  # noqa: F403

# Tests make many people; the slow digest has a test of its own.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher", "django.contrib.auth.hashers.Argon2PasswordHasher"]
