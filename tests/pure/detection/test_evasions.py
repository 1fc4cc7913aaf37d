"""No way of writing hides a value, and none makes a harmless text look like one. `./dev bench detect evasions` prints the table."""

import pytest

from evasions import SPLITS, TRICKS, VALUES, engine_for_evasions, is_found
from governance.detection.views import views_of

KEY = b"a key made for the tests, 32 by."


@pytest.fixture(scope="module")
def engine(tmp_path_factory):
    return engine_for_evasions(tmp_path_factory.mktemp("evasions"), key=KEY)


@pytest.mark.parametrize("trick", [*TRICKS, *SPLITS])
def test_a_trick_hides_no_kind_of_value(engine, trick):
    assert [kind.kind for kind in VALUES if not is_found(engine, trick, kind, kind.value)] == []


@pytest.mark.parametrize("trick", [*TRICKS, *SPLITS])
def test_a_trick_makes_no_harmless_twin_look_like_one(engine, trick):
    assert [kind.kind for kind in VALUES if is_found(engine, trick, kind, kind.twin)] == []


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        pytest.param("card: four five three nine, one four eight eight zero", "453914880", id="digits in words"),
        pytest.param("4539*1488*0343*6467", "4539 1488 0343 6467", id="groups parted by signs"),
        pytest.param("4 5 3 9 1 4 8 8 0 3 4 3 6 4 6 7", "4539148803436467", id="digits apart"),
        pytest.param("anna [at] kestrel [dot] com", "anna@kestrel.com", id="at and dot in brackets"),
        pytest.param("moc.knab-lertsek@anna", "anna@kestrel-bank.com", id="an address backwards"),
        pytest.param("4539**1488**03", "4539148803", id="emphasis"),
    ],
)
def test_a_value_written_in_another_way_is_put_together_again(text, seen):
    assert any(seen in view.text for view in views_of(text))


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("for i in range(3): total += x[i] * y[i]  # 1, 2, 3, 4", id="code"),
        pytest.param("2024.03.11 and 10.20.30.40, version 1.2.3.4.5", id="versions"),
        pytest.param("one two three: the first three steps", id="a few numbers in words"),
    ],
)
def test_plain_writing_has_one_view(text):
    assert len(views_of(text)) == 1
