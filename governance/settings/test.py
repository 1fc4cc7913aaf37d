"""Settings of tests and checks: the real ones, with what a developer's machine lacks filled in before they are read.

tests/conftest.py names a real database; a check (types, missing migrations) connects to none.
"""

import os

os.environ.setdefault("REMIT_SECRET_KEY", "tests only, not a secret")
os.environ.setdefault("REMIT_DEMO", "on")
os.environ.setdefault("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/nowhere")
os.environ.setdefault("REDIS_URL", "redis://127.0.0.1:1/0")

from governance.settings.base import *  # noqa: F403

# Tests make many people; the slow digest has a test of its own.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher", "django.contrib.auth.hashers.Argon2PasswordHasher"]
