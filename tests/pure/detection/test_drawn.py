"""Words in pictures: read by a model, and a picture that could not be read clearly says so."""

from io import BytesIO

import pytest
import zxingcpp
from PIL import Image, ImageFilter

from drawing import picture, saved
from governance.detection.documents.apart import read_apart
from governance.detection.documents.drawn import Words, read_picture
from governance.detection.documents.kinds import Kind
from governance.detection.documents.pictures import only_draws
from governance.detection.documents.reader import read
from governance.detection.documents.reading import Opaque

LINES = (
    "Ticket 4711: Margarethe Oldenburg cannot sign in.",
    "Her mail is m.oldenburg@example.org",
    "password = correct-horse-9",
)
READ, UNREAD = {Opaque.READ_PICTURES}, {Opaque.PICTURES}


def turned(degrees: int) -> bytes:
    return saved(Image.open(BytesIO(picture(*LINES))).rotate(degrees, expand=True))


def words_of(raw: bytes) -> str:
    return dict(read_picture(raw).parts).get("words", "")


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(picture(*LINES), id="PNG"),
        pytest.param(picture(*LINES, kind="JPEG"), id="JPEG"),
        pytest.param(picture(*LINES, kind="GIF"), id="GIF"),
        pytest.param(picture(*LINES, paper="#1e1e1e", ink="#d4d4d4"), id="light on dark"),
        pytest.param(
            picture(*LINES, mode="RGBA", paper=(255, 255, 255, 255), ink=(0, 0, 0, 255)),
            id="with nothing to see through",
        ),
        pytest.param(picture(*LINES, size=12), id="small letters"),
        pytest.param(turned(180), id="on its head"),
        pytest.param(turned(90), id="on its left side"),
        pytest.param(turned(270), id="on its right side"),
    ],
)
def test_the_words_of_a_screen_are_read_row_by_row(raw):
    reading = read(Kind.PICTURE, raw)
    assert reading.opaque == READ
    assert [row.replace(" ", "") for row in dict(reading.parts)["words"].splitlines()] == [
        line.replace(" ", "") for line in LINES
    ]


def test_what_is_read_is_a_picture_that_may_be_sent():
    assert only_draws(picture(*LINES))


def test_two_boxes_beside_one_another_are_one_row():
    (row,) = words_of(picture("IBAN DE89 3704" + " " * 30 + "0044 0532 0130 00")).splitlines()
    assert row.replace(" ", "") == "IBANDE89370400440532013000"


def test_what_a_code_says_is_read():
    code = Image.fromarray(
        zxingcpp.create_barcode("https://example.org/?token=canary", zxingcpp.BarcodeFormat.QRCode).to_image(scale=8)
    )
    assert dict(read_picture(saved(code.convert("RGB"))).parts)["codes"] == "https://example.org/?token=canary"


def large() -> Image.Image:
    """Return a picture of words that could be read, on more ground than is looked at."""
    ground = Image.new("RGB", (3100, 3000), "white")
    ground.paste(Image.open(BytesIO(picture(*LINES))))
    return ground


def moving() -> bytes:
    first, second = (Image.open(BytesIO(picture(line))).convert("P") for line in LINES[:2])
    return saved(first, "GIF", save_all=True, append_images=[second])


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(picture(), id="without a word"),
        pytest.param(saved(large()), id="too large"),
        pytest.param(moving(), id="that moves"),
        pytest.param(picture(*LINES, mode="RGBA", paper=(255, 255, 255, 0), ink=(0, 0, 0, 255)), id="to see through"),
        pytest.param(saved(Image.open(BytesIO(picture(*LINES))).filter(ImageFilter.GaussianBlur(3))), id="blurred"),
    ],
)
def test_a_picture_counts_as_not_read(raw):
    assert read_picture(raw).opaque == UNREAD


def test_what_is_no_picture_is_unreadable():
    assert read(Kind.PICTURE, b"\x89PNG\r\n\x1a\nnothing").opaque == {Opaque.UNREADABLE}


def test_a_picture_is_read_in_a_process_of_its_own():
    assert read_apart(Kind.PICTURE, picture(LINES[1]), seconds=60).opaque == READ


@pytest.mark.parametrize(
    ("row", "apart"),
    [
        pytest.param("to the accountGB33BUKB20201555555555", "to the account GB33BUKB20201555555555", id="an account"),
        pytest.param("IBANDE89370400440532013000", "IBAN DE89370400440532013000", id="an account behind capitals"),
        pytest.param("number123-45-67890", "number 123-45-67890", id="a number with lines in it"),
        pytest.param("card4111111111111111", "card 4111111111111111", id="a card"),
        pytest.param("Version2.14.3 of theBuild in 2024", "", id="nothing that is long"),
        pytest.param("the account GB33BUKB20201555555555", "", id="nothing that is glued"),
    ],
)
def test_a_value_that_was_glued_to_a_word_is_read_apart_from_it_as_well(row, apart):
    assert Words(rows=row).apart == apart
