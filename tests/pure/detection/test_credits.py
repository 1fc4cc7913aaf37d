"""Who wrote a file is no secret of it; and a line may be as long as a text. All names are invented."""

import pytest

from governance.detection.pii.contacts import emails
from governance.detection.pii.credits import is_credit

CODE = "\ndef total(rows):\n    return sum(rows)\n"


@pytest.mark.parametrize(
    ("text", "credit"),
    [
        pytest.param("# Author: Mira Test <mira@firma.org>" + CODE, True, id="a remark above code"),
        pytest.param("# Author: " + "x" * 1500 + " mira@firma.org" + CODE, True, id="far along its line"),
        pytest.param("# Author: " + "x" * 3000 + " mira@firma.org" + CODE, False, id="further than a credit goes"),
        pytest.param("# Author: mira@firma.org\n" + "x = 1;" * 1000 + CODE, True, id="above a long line of code"),
        pytest.param("# Author: mira@firma.org\nand then we went home", False, id="above prose"),
    ],
)
def test_a_credit_stands_in_a_remark_of_code(text, credit):
    assert is_credit(text, text.index("mira")) is credit
    assert bool(list(emails(text))) is not credit


@pytest.mark.parametrize("before", ["", "# Author: "], ids=["prose", "a remark"])
def test_a_line_of_very_many_addresses_takes_time_that_grows_with_it(before):
    # Line by line looked at from its beginning it takes minutes.
    text = before + "".join(f"person{number}@firma.org, " for number in range(100_000))
    assert len(list(emails(text))) >= 99_000
