"""The jobs of the tests, on a queue that no other run uses."""

import os

QUEUE = os.environ.setdefault("TEST_QUEUE", f"test.{os.getpid()}")
KINDS = ("leave_mark", "take_long", "kill_worker", "raise_error")
JOBS = {f"test.{kind}": {"run": f"harness.job_functions.{kind}", "queue": QUEUE} for kind in KINDS}
