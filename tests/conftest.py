"""The harness: what the settings need is chosen here, before Django reads them; servers start when a test first asks."""

import django

from harness.environment import prepare

prepare()
# Before the plugins: the people of the tests are made by the services, which need the models.
django.setup()
pytest_plugins = [
    "harness.databases",
    "harness.processes",
    "harness.shares",
    "harness.browser",
    "harness.honesty",
    "harness.events",
    "harness.outside",
    "people",
]
