"""Settings of a worker that does the jobs of the tests."""

from governance.settings.test import *  # noqa: F403
from harness.job_table import JOBS  # noqa: F401 - settings.JOBS
