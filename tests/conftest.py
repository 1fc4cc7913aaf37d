"""The harness: what the settings need is chosen here, before Django reads them; servers start when a test first asks."""

import gc

import django
from hypothesis import HealthCheck, settings

from harness.environment import prepare

prepare()
gc.disable()  # what is collected stays to the end: looking through it again and again takes a seventh of the collection
# How fast the machine is says nothing about the code: no example has a deadline, and none is made too slowly.
settings.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any machine")
# Before the plugins: the people of the tests are made by the services, which need the models.
django.setup()
pytest_plugins = [
    "harness.databases",
    "harness.commits",
    "harness.processes",
    "harness.shares",
    "harness.browser",
    "harness.honesty",
    "harness.events",
    "harness.outside",
    "people",
]


def pytest_collection_finish():
    gc.enable()
    gc.freeze()
