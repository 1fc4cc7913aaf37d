"""deploy/SETTINGS.md names every setting, with a meaning."""

from governance.stack.settings_table import DOCUMENT, SOURCE, document, table


def test_the_table_of_settings_is_up_to_date():
    assert DOCUMENT.read_text() == document(), "run: python -m governance.stack document"


def test_every_setting_says_what_it_is_for():
    silent = [row for row in table(SOURCE.read_text()).splitlines() if row.endswith("|  |")]
    assert not silent, "add a comment beside the setting in governance/settings/base.py"
