"""The harness: what the settings need is chosen here, before Django reads them; servers start when a test first asks."""

from harness.environment import prepare

prepare()
pytest_plugins = ["harness.databases", "harness.processes", "harness.browser", "harness.honesty"]


def pytest_configure():
    import django

    django.setup()
