"""The table of settings is read from the code."""

from governance.stack.settings_table import table

SOURCE = """
LEVEL = text("LEVEL", "INFO")  # how much is said
NESTED = wrap(
    a=count("A", 3),  # how many
)
BARE = text("BARE")
OTHER = unknown("X")
"""


def test_a_row_for_each_reading_with_the_remark_beside_it():
    assert table(SOURCE).splitlines()[2:] == [
        "| `LEVEL` | text | `'INFO'` | how much is said |",
        "| `A` | whole number | `3` | how many |",
        "| `BARE` | text | none: must be set |  |",
    ]
