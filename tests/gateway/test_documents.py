"""Documents by the official clients: their words are scanned by page, the very bytes leave, and what nobody can read does not."""

import base64
import json

import anthropic
import openai
import pytest
from google import genai

import sending
from documents import UNTOLD, Pdf, docx, paragraph, pdf
from governance.detection.documents.kinds import DOCX
from governance.gateway.models import Exchange
from governance.scanning.models import Finding

pytestmark = pytest.mark.services

CLEAN = "The meeting is moved to the larger room because more people want to come."
PERSONAL = "Write to maria.keller@example.org that her order is late."
SECRET = "aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYzLq3kT9vWx"


@pytest.fixture
def everywhere(gateway, recording):
    return sending.granted_everywhere(recording)


@pytest.fixture
def sent(recording):
    before = recording.count()
    return lambda: recording.bodies(since=before)


def b64(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def chat(gateway, key, raw: bytes, *, media="application/pdf", name="a.pdf"):
    data = f"data:{media};base64,{b64(raw)}"
    content = [{"type": "text", "text": "Shorten it."}, {"type": "file", "file": {"file_data": data, "filename": name}}]
    return sending.client(gateway, key).chat.completions.create(
        model="recorder-1", messages=[{"role": "user", "content": content}]
    )


def responses(gateway, key, raw: bytes):
    part = {"type": "input_file", "file_data": f"data:application/pdf;base64,{b64(raw)}", "filename": "a.pdf"}
    return sending.client(gateway, key).responses.create(
        model="recorder-1", input=[{"role": "user", "content": [part]}]
    )


def messages(gateway, key, raw: bytes):
    source = {"type": "base64", "media_type": "application/pdf", "data": b64(raw)}
    return anthropic.Anthropic(base_url=f"{gateway.gateway}/anthropic", api_key=key).messages.create(
        model="recorder-1",
        max_tokens=99,
        messages=[{"role": "user", "content": [{"type": "document", "source": source}]}],
    )


def generate(gateway, key, raw: bytes):
    client = genai.Client(api_key=key, http_options={"base_url": f"{gateway.gateway}/gemini"})
    part = genai.types.Part.from_bytes(data=raw, mime_type="application/pdf")
    return client.models.generate_content(model="recorder-1", contents=[part])


WAYS = [
    pytest.param(chat, openai.PermissionDeniedError, id="OpenAI chat completions"),
    pytest.param(responses, openai.PermissionDeniedError, id="OpenAI responses"),
    pytest.param(messages, anthropic.PermissionDeniedError, id="Anthropic messages"),
    pytest.param(generate, genai.errors.ClientError, id="Gemini generate"),
]


@pytest.mark.parametrize(("ask", "_refused"), WAYS)
def test_the_very_bytes_of_a_clean_document_leave(gateway, everywhere, sent, ask, _refused):
    raw = pdf(CLEAN, "The second page says no more.")
    assert ask(gateway, everywhere.key, raw)
    (body,) = sent()
    assert base64.b64decode(b64(raw)) == raw
    assert b64(raw) in body.decode().replace("-", "+").replace("_", "/")


@pytest.mark.parametrize(("ask", "refused"), WAYS)
def test_a_secret_on_a_page_is_refused_and_the_record_names_the_page(gateway, everywhere, sent, ask, refused):
    with pytest.raises(refused) as error:
        ask(gateway, everywhere.key, pdf(CLEAN, SECRET))
    assert "SECRET" in str(error.value)
    assert "wJalr" not in str(error.value)
    assert sent() == []
    exchange = Exchange.objects.order_by("-at").first()
    (found,) = Finding.objects.filter(scan=exchange.scan, type="SECRET")
    assert found.path.endswith(", page 2")


def test_personal_data_in_a_document_is_refused_with_the_remedy(gateway, everywhere, sent):
    with pytest.raises(openai.PermissionDeniedError, match="send its text"):
        chat(gateway, everywhere.key, pdf(PERSONAL))
    assert sent() == []


def test_personal_data_in_a_file_of_plain_text_leaves_as_placeholders(gateway, everywhere, sent):
    chat(gateway, everywhere.key, PERSONAL.encode(), media="text/plain", name="a.txt")
    (body,) = sent()
    data = json.loads(body)["messages"][0]["content"][1]["file"]["file_data"]
    text = base64.b64decode(data.partition(",")[2]).decode()
    assert "<EMAIL_ADDRESS_" in text
    assert "keller" not in text


@pytest.mark.parametrize(
    ("raw", "more", "says"),
    [
        pytest.param(Pdf(font=UNTOLD).page(CLEAN).bytes(), {}, "opaque: unreadable", id="letters nobody can tell"),
        pytest.param(pdf(CLEAN)[:-30], {}, "opaque: unreadable", id="a torn file"),
        pytest.param(
            docx(paragraph("canary") * 500_000),
            {"media": DOCX, "name": "a.docx"},
            "opaque: unreadable",
            id="what unfolds without end",
        ),
        pytest.param(
            docx(paragraph(CLEAN), {"word/media/a.png": b"\x89PNG"}),
            {"media": DOCX, "name": "a.docx"},
            "opaque: pictures",
            id="a picture in DOCX",
        ),
    ],
)
def test_what_nobody_can_read_does_not_leave(gateway, everywhere, sent, raw, more, says):
    with pytest.raises(openai.PermissionDeniedError, match=says):
        chat(gateway, everywhere.key, raw, **more)
    assert sent() == []
    assert Exchange.objects.order_by("-at").first().error_code == "unscannable"


def test_every_word_of_a_document_is_scanned_wherever_it_stands(gateway, everywhere, sent):
    made = Pdf()
    note = made.add(f"<< /Type /Annot /Subtype /Text /Rect [0 0 1 1] /Contents ({SECRET}1) >>")
    made.page(f"{CLEAN}\n{SECRET}", more=f"/Annots [{note} 0 R]")
    made.info = made.add("<< /Title (Report) /Author (maria.keller@example.org) >>")
    with pytest.raises(openai.PermissionDeniedError):
        chat(gateway, everywhere.key, made.bytes())
    assert sent() == []
    exchange = Exchange.objects.order_by("-at").first()
    found = {(each.type, each.path.rpartition(", ")[2]) for each in Finding.objects.filter(scan=exchange.scan)}
    assert {("SECRET", "page 1"), ("SECRET", "properties"), ("EMAIL_ADDRESS", "properties")} <= found


def test_a_dry_run_shows_what_was_found_on_which_page_and_sends_nothing(gateway, everywhere, sent):
    data = f"data:application/pdf;base64,{b64(pdf(CLEAN, PERSONAL))}"
    content = [{"type": "file", "file": {"file_data": data, "filename": "a.pdf"}}]
    asked = {"model": "recorder-1", "messages": [{"role": "user", "content": content}]}
    path = "/remit/v1/check/openai/v1/chat/completions"
    status, _, told = sending.post(gateway, everywhere.key, json.dumps(asked).encode(), path=path)
    assert (status, told["verdict"], told["sent"]) == (200, "block", None)
    place = "messages[0].content[0].file.file_data, page 2"
    assert ("EMAIL_ADDRESS", place) in {(each["type"], each["place"]) for each in told["places"]}
    assert place in {each["place"] for each in told["segments"]}
    assert sent() == []
