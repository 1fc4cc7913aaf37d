"""Pictures inside documents: read where that is asked for, within bounds, and told of with the reason where they were not."""

import base64
import zlib
from io import BytesIO

import pytest
from PIL import Image

from documents import Pdf, docx, paragraph, pptx, xlsx
from drawing import picture, saved
from governance.detection.documents import inside
from governance.detection.documents.apart import read_apart
from governance.detection.documents.kinds import Kind
from governance.detection.documents.reader import read
from governance.detection.documents.reading import Opaque

WORDS = "The canary sings at dawn"
DRAWN = picture(WORDS)
RELATION = '<Relationships><Relationship Id="r1" Type="image" Target="../media/a.png"/></Relationships>'
SLIDE = {"ppt/media/a.png": DRAWN, "ppt/slides/_rels/slide1.xml.rels": RELATION}


def scanned(drawn: bytes = DRAWN, *, turned: int = 0, kind: str = "JPEG", more: str = "") -> bytes:
    """Return a PDF of one page that is a picture, as scanners write it; `more` are further entries of the picture."""
    image = Image.open(BytesIO(drawn)).convert("L" if kind != "CCITT" else "1")
    image = image.rotate(turned, expand=True, fillcolor=255)
    packed = {"JPEG": _jpeg, "Flate": _plain, "CCITT": _fax}[kind](image)
    return shown(packed[0], image.size, f"{packed[1]} {more}", page=f"/Rotate {turned}" if turned else "")


def shown(data: bytes, size: tuple[int, int], entries: str, *, page: str = "") -> bytes:
    made = Pdf()
    head = f"/Type /XObject /Subtype /Image /Width {size[0]} /Height {size[1]} /ColorSpace /DeviceGray"
    number = made.stream(data, f"{head} {entries}")
    resources = f"/XObject << /I {number} 0 R >>"
    return made.page(drawn="q 612 0 0 792 0 0 cm /I Do Q", resources=resources, more=page).bytes()


def _jpeg(image: Image.Image) -> tuple[bytes, str]:
    return saved(image, "JPEG", quality=80), "/BitsPerComponent 8 /Filter /DCTDecode"


def _plain(image: Image.Image) -> tuple[bytes, str]:
    return image.tobytes().hex().encode() + b">", "/BitsPerComponent 8 /Filter /ASCIIHexDecode"


def _fax(image: Image.Image) -> tuple[bytes, str]:
    packed = saved(image, "TIFF", compression="group4")
    tags = Image.open(BytesIO(packed)).tag_v2
    (begin,), (size,) = tags[273], tags[279]
    parameters = f"<< /K -1 /Columns {image.width} /Rows {image.height} >>"
    return packed[begin : begin + size], f"/BitsPerComponent 1 /Filter /CCITTFaxDecode /DecodeParms {parameters}"


def html(drawn: bytes, media: str = "image/png") -> bytes:
    return f'<p>Plain.</p><img src="data:{media};base64,{base64.b64encode(drawn).decode()}">'.encode()


@pytest.mark.parametrize(
    ("kind", "raw", "part"),
    [
        pytest.param(Kind.PDF, scanned(), "page 1, picture", id="a scanned page"),
        pytest.param(Kind.PDF, scanned(turned=90), "page 1, picture", id="a scanned page that is turned"),
        pytest.param(Kind.PDF, scanned(kind="CCITT"), "page 1, picture", id="a page as a fax has it"),
        pytest.param(Kind.DOCX, docx(paragraph("Plain."), {"word/media/a.png": DRAWN}), "picture", id="DOCX"),
        pytest.param(Kind.XLSX, xlsx("", files={"xl/media/a.png": DRAWN}), "picture", id="XLSX"),
        pytest.param(Kind.PPTX, pptx("", SLIDE), "slide1, picture", id="a slide"),
        pytest.param(Kind.HTML, html(DRAWN), "picture", id="HTML"),
    ],
)
def test_words_of_a_picture_are_read_with_where_it_stands(kind, raw, part):
    reading = read(kind, raw, pictures=True)
    assert reading.opaque == {Opaque.READ_PICTURES}, reading.because
    assert dict(reading.parts)[part].replace(" ", "") == WORDS.replace(" ", "")


@pytest.mark.parametrize(
    ("kind", "raw"),
    [
        pytest.param(Kind.PDF, scanned(), id="a scanned page"),
        pytest.param(Kind.DOCX, docx("", {"word/media/a.png": DRAWN}), id="DOCX"),
        pytest.param(Kind.HTML, html(DRAWN), id="HTML"),
    ],
)
def test_where_nobody_asks_for_it_no_picture_is_read(kind, raw):
    reading = read(kind, raw)
    assert (reading.opaque, WORDS in str(reading.parts)) == ({Opaque.PICTURES}, False)


def see_through() -> bytes:
    made = Pdf()
    size = "/Width 2 /Height 1 /ColorSpace /DeviceGray /BitsPerComponent 8"
    mask = made.stream(b"\x00\xff", f"/Type /XObject /Subtype /Image {size}")
    number = made.stream(b"\x00\xff", f"/Type /XObject /Subtype /Image {size} /SMask {mask} 0 R")
    return made.page(drawn="/I Do", resources=f"/XObject << /I {number} 0 R >>").bytes()


def huge() -> bytes:
    head = b"IHDR" + (50_000).to_bytes(4, "big") * 2 + b"\x08\0\0\0\0"
    return DRAWN[:12] + head + zlib.crc32(head).to_bytes(4, "big") + DRAWN[16 + len(head) :]


def tagged() -> bytes:
    out = BytesIO()
    exif = Image.Exif()
    exif[0x010E] = WORDS
    Image.open(BytesIO(DRAWN)).save(out, "JPEG", exif=exif)
    return out.getvalue()


ONE_BIT = "/BitsPerComponent 1"


@pytest.mark.parametrize(
    ("kind", "raw", "why"),
    [
        pytest.param(Kind.PDF, shown(b"\0", (8, 8), f"{ONE_BIT} /Filter /JBIG2Decode"), "packed as JBIG2", id="JBIG2"),
        pytest.param(Kind.PDF, shown(b"\0", (8, 8), "/Filter /JPXDecode"), "packed as JPEG 2000", id="JPEG 2000"),
        pytest.param(Kind.PDF, shown(b"\0", (8, 8), f"{ONE_BIT} /Filter /CCITTFaxDecode"), "", id="a torn fax"),
        pytest.param(Kind.PDF, shown(b"", (50_000, 50_000), ONE_BIT), "50,000 x 50,000 pixels", id="a huge page"),
        pytest.param(Kind.PDF, shown(tagged(), (1200, 72), "/Filter /DCTDecode"), "metadata", id="Exif in PDF"),
        pytest.param(Kind.PDF, see_through(), "page 1, picture: it is to see through", id="to see through"),
        pytest.param(
            Kind.PDF,
            Pdf().page("Plain.", drawn="BI /W 1 /H 1 /CS /G /BPC 8 ID \x00 EI").bytes(),
            "stands in the page itself",
            id="in the page itself",
        ),
        pytest.param(Kind.DOCX, docx("", {"word/media/a.jpg": tagged()}), "metadata", id="Exif in DOCX"),
        pytest.param(
            Kind.DOCX, docx("", {"word/media/a.emf": b"\x01\0\0\0"}), "no plain PNG", id="a drawing of Windows"
        ),
        pytest.param(Kind.DOCX, docx("", {"word/media/a.png": huge()}), "50,000 x 50,000 pixels", id="a huge picture"),
        pytest.param(Kind.DOCX, docx("", {"word/media/a.png": DRAWN[:99]}), "", id="a torn picture"),
        pytest.param(Kind.PPTX, pptx("", {"ppt/media/a.mp4": b"\0\0\0\x18ftyp"}), "no plain PNG", id="a film"),
        pytest.param(Kind.HTML, html(b"ID3", "audio/mpeg"), "not written as PNG", id="sound in HTML"),
        pytest.param(Kind.HTML, b"<img src='data:image/svg+xml,%3Csvg'>", "not written as PNG", id="SVG in HTML"),
    ],
)
def test_a_picture_that_is_not_read_is_told_of_with_the_reason(kind, raw, why):
    reading = read(kind, raw, pictures=True)
    assert Opaque.PICTURES in reading.opaque
    assert why in reading.because[Opaque.PICTURES]


def test_one_picture_too_many_is_told_of(monkeypatch):
    monkeypatch.setattr(inside, "MOST", 1)
    files = {f"word/media/{number}.png": picture(f"{WORDS} {number}") for number in range(2)}
    reading = read(Kind.DOCX, docx("", files), pictures=True)
    assert reading.opaque == {Opaque.READ_PICTURES, Opaque.PICTURES}
    assert reading.because[Opaque.PICTURES] == "picture: at most 1 pictures of a document are read"


def test_a_picture_of_one_colour_says_nothing():
    blank = saved(Image.new("RGB", (40, 40), "#3a6"))
    assert read(Kind.DOCX, docx("", {"word/media/a.png": blank}), pictures=True).opaque == set()


def test_pictures_are_read_in_the_process_of_their_document():
    reading = read_apart(Kind.PDF, scanned(), seconds=120, pictures=True)
    assert reading.opaque == {Opaque.READ_PICTURES}
    assert [name for name, _ in reading.parts] == ["page 1, picture"]
