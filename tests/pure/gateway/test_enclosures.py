"""Documents in a body: what is told of their kind must agree, their bytes are written in one way, and unread they never leave."""

import base64

import pytest

import prompt_samples as samples
from documents import docx, pdf
from governance.core.errors import DomainError, NotAllowed, Unavailable
from governance.detection.default_policy import DEFAULT_POLICY
from governance.detection.document import Document, Segment
from governance.detection.documents.kinds import DOCX
from governance.detection.documents.reading import Opaque, Reading
from governance.detection.policy import Verdict
from governance.gateway.decision import decide_prompt, strictest
from governance.gateway.dialects.anthropic.messages import MESSAGES
from governance.gateway.dialects.gemini.generate import GENERATE
from governance.gateway.dialects.ollama.texts import CHAT as OLLAMA_CHAT
from governance.gateway.dialects.openai.chat import CHAT
from governance.gateway.dialects.openai.responses import RESPONSES
from governance.gateway.dialects.prompt import Prompt
from governance.gateway.documents import require_readable
from governance.gateway.permit import mint

PDF, WORDS = pdf("The canary sings"), "The canary sings. Zoë"


def b64(raw: bytes | str) -> str:
    return base64.b64encode(raw.encode() if isinstance(raw, str) else raw).decode()


def uri(raw: bytes | str, media: str = "application/pdf") -> str:
    return f"data:{media};base64,{b64(raw)}"


def chat(data: str, name: str = "a.pdf", **more) -> Prompt:
    part = {"type": "file", "file": {"file_data": data, "filename": name} | more}
    return Prompt.of(CHAT, {"model": "m", "messages": [{"role": "user", "content": [part]}]})


def responses(data: str, name: str = "a.pdf", **more) -> Prompt:
    part = {"type": "input_file", "file_data": data, "filename": name} | more
    return Prompt.of(RESPONSES, {"model": "m", "input": [{"role": "user", "content": [part]}]})


def anthropic(data: str, media: str = "application/pdf") -> Prompt:
    source = {"type": "base64", "media_type": media, "data": data}
    message = {"role": "user", "content": [{"type": "document", "source": source}]}
    return Prompt.of(MESSAGES, {"model": "m", "max_tokens": 9, "messages": [message]})


def gemini(data: str, **more) -> Prompt:
    return Prompt.of(GENERATE, {"contents": [{"parts": [{"inlineData": {"data": data} | more}]}]}, in_path="m")


@pytest.mark.parametrize(
    "prompt",
    [
        pytest.param(chat(uri(PDF)), id="chat completions"),
        pytest.param(chat(b64(PDF)), id="by the name alone"),
        pytest.param(responses(uri(PDF)), id="responses"),
        pytest.param(anthropic(b64(PDF)), id="messages"),
        pytest.param(gemini(b64(PDF), mimeType="application/pdf"), id="generate"),
        pytest.param(gemini(b64(PDF), mime_type="application/pdf"), id="generate, in the other spelling"),
        pytest.param(
            gemini(base64.urlsafe_b64encode(PDF).decode(), mimeType="application/pdf"), id="in the other alphabet"
        ),
        pytest.param(chat(uri(docx(""), DOCX), "a.docx"), id="DOCX"),
        pytest.param(chat(uri("<p>", "text/html"), "a.html"), id="HTML"),
    ],
)
def test_a_document_waits_to_be_read(prompt):
    assert len(prompt.unread) == 1
    read = prompt.with_readings({prompt.unread[0].digest: Reading([("page 1", WORDS)])})
    assert (read.unread, read.texts[-1].text) == ((), WORDS)
    assert read.texts[-1].place.endswith(", page 1")
    assert read.body == prompt.body


@pytest.mark.parametrize(
    ("media", "name"),
    [
        pytest.param("text/plain", "a.txt", id="text"),
        pytest.param("text/csv", "a.csv", id="CSV"),
        pytest.param("text/markdown", "notes", id="Markdown"),
    ],
)
def test_plain_text_in_base64_is_a_text_that_can_be_replaced(media, name):
    prompt = chat(uri(WORDS, media), name)
    text = next(each for each in prompt.texts if each.text == WORDS)
    segments = (Segment(each.path, "<NAME>" if each == text else each.text) for each in prompt.texts)
    changed = prompt.with_document(Document(tuple(segments)))
    part = changed.tree["messages"][0]["content"][0]["file"]
    assert part["file_data"] == uri("<NAME>", media)


@pytest.mark.parametrize(
    ("ask", "code"),
    [
        pytest.param(lambda: chat(uri(PDF), "a.docx"), "unscannable", id="another name"),
        pytest.param(lambda: chat(b64(PDF), "a"), "unscannable", id="no kind at all"),
        pytest.param(lambda: chat(uri(PDF, "application/zip"), "a.pdf"), "unscannable", id="a kind that is not read"),
        pytest.param(lambda: chat(uri(PDF, "text/plain"), "a.txt"), "unscannable", id="a PDF said to be text"),
        pytest.param(lambda: chat(uri(b"%PDF-1.4 plain", "text/plain"), "a"), "unscannable", id="a PDF of plain signs"),
        pytest.param(lambda: chat(uri("text"), "a.pdf"), "unscannable", id="text said to be a PDF"),
        pytest.param(lambda: chat(uri(WORDS.encode("utf-16"), "text/plain"), "a"), "unscannable", id="UTF-16"),
        pytest.param(lambda: chat(uri("a\0b", "text/plain"), "a"), "unscannable", id="signs no text has"),
        pytest.param(lambda: chat(uri(PDF)[:-4] + "\n" + uri(PDF)[-4:]), "not_base64", id="a break in base64"),
        pytest.param(lambda: chat(uri("a", "text/plain").replace("YQ==", "YR=="), "a"), "not_base64", id="loose bits"),
        pytest.param(lambda: chat(uri("ab", "text/plain") + "YQ==", "a"), "not_base64", id="more behind the end"),
        pytest.param(lambda: chat("", "a.pdf"), "not_base64", id="nothing"),
        pytest.param(lambda: chat("https://example.org/a.pdf"), "not_base64", id="an address"),
        pytest.param(lambda: chat(uri(PDF).replace("data:", "data: ")), "not_base64", id="another way of saying it"),
        pytest.param(lambda: chat(uri(PDF), file_id="file-1"), "unscannable", id="a file at the provider"),
        pytest.param(
            lambda: responses(uri(PDF), file_url="https://example.org/a"), "unscannable", id="a file elsewhere"
        ),
        pytest.param(
            lambda: anthropic(b64("text"), "text/plain"), "unscannable", id="what the interface does not take"
        ),
        pytest.param(lambda: gemini(b64(PDF)), "unscannable", id="no media type"),
        pytest.param(lambda: gemini("", mimeType="application/pdf"), "not_base64", id="no bytes"),
        pytest.param(
            lambda: gemini(b64(PDF), mimeType="application/pdf", mime_type="text/plain"), "field_twice", id="two types"
        ),
        pytest.param(
            lambda: gemini(b64(PDF), mimeType="application/pdf", video_metadata={}), "unknown_field", id="more fields"
        ),
    ],
)
def test_what_is_not_clearly_what_it_is_said_to_be_is_refused(ask, code):
    with pytest.raises(DomainError) as refused:
        ask()
    assert refused.value.code == code
    assert refused.value.field


def minted(prompt: Prompt, **changes):
    report = samples.report(prompt)
    decision = decide_prompt(report, policy=DEFAULT_POLICY, conditions=strictest([samples.offer()]), fixed=())
    named = {"exchange": samples.UUID(int=7), "destination": samples.UUID(int=1000), "grants": (samples.UUID(int=1),)}
    more = {"ruleset": samples.RULESET, "justified": False, "released": False, "path": "/x", "moment": 1.0}
    return mint(prompt, report, decision, **named, **more, **changes)


def test_a_permit_needs_every_document_read():
    prompt = chat(uri(PDF))
    with pytest.raises(Unavailable, match="permit_without_scan"):
        minted(prompt)
    assert minted(prompt.with_readings({prompt.unread[0].digest: Reading()}))


def test_what_nobody_can_read_is_refused_by_name_and_has_no_permit():
    prompt = chat(uri(PDF))
    opaque = prompt.with_readings({prompt.unread[0].digest: Reading(opaque={Opaque.PICTURES})})
    with pytest.raises(Unavailable, match="permit_without_scan"):
        minted(opaque)
    with pytest.raises(NotAllowed, match="opaque: pictures") as refused:
        require_readable(opaque, {Opaque.UNREADABLE})
    assert refused.value.field == "messages[0].content[0].file.file_data"
    assert refused.value.remedy


def test_what_would_have_to_be_replaced_in_a_document_blocks_with_the_remedy():
    prompt = chat(uri(PDF))
    read = prompt.with_readings({prompt.unread[0].digest: Reading([("page 1", "Maria Keller")])})
    found = samples.finding("PERSON", path=read.texts[-1].path, end=12)
    paths = {"fixed": read.fixed_paths, "in_documents": read.read_paths}
    decision = decide_prompt(
        samples.report(read, found), policy=DEFAULT_POLICY, conditions=strictest([samples.offer()]), **paths
    )
    assert decision.verdict is Verdict.BLOCK
    assert "send its text" in decision.reasons[-1].sentence
    assert "messages[0].content[0].file.file_data, page 1" in decision.reasons[-1].sentence


def test_a_document_leaves_without_its_preview_and_the_record_says_so():
    raw = docx("", {"docProps/thumbnail.jpeg": b"\xff\xd8", "_rels/.rels": "<Relationships/>"})
    prompt = chat(uri(raw, DOCX), "a.docx")
    trimmed = prompt.without_previews()
    (enclosed,) = trimmed.unread
    assert b"thumbnail" not in enclosed.raw
    assert base64.b64encode(enclosed.raw) in trimmed.body
    read = trimmed.with_readings({enclosed.digest: Reading()}).addressed_to("m2")
    decision = decide_prompt(
        samples.report(read),
        policy=DEFAULT_POLICY,
        conditions=strictest([samples.offer()]),
        fixed=(),
        trimmed=read.trimmed,
    )
    assert decision.verdict is Verdict.ALLOW
    assert [(each.rule, "file_data" in each.sentence) for each in decision.reasons] == [("preview_left_out", True)]


def test_a_document_without_a_preview_stays_what_it_is():
    prompt = chat(uri(docx(""), DOCX), "a.docx")
    assert prompt.without_previews() is prompt


PICTURE = b"\x89PNG\r\n\x1a\n"


@pytest.mark.parametrize(
    ("policy", "pictures", "ruleset", "passes"),
    [
        pytest.param(["pictures"], True, "standard", True, id="named, and a dataset of pictures"),
        pytest.param(["pictures"], False, "standard", False, id="a dataset of texts"),
        pytest.param(["unreadable"], True, "standard", False, id="another kind is named"),
        pytest.param(["pictures"], True, "strict", False, id="a strict grant"),
        pytest.param(["read_pictures"], True, "standard", False, id="only those whose words were read are named"),
    ],
)
def test_a_picture_goes_only_where_the_policy_and_the_dataset_say_so(policy, pictures, ruleset, passes):
    prompt = gemini(b64(PICTURE), mimeType="image/png")
    prompt = prompt.with_readings({prompt.unread[0].digest: Reading(opaque={Opaque.PICTURES})})
    offer = samples.offer(unread=tuple(policy), pictures=pictures, conditions={"ruleset": ruleset})
    conditions = strictest([offer, samples.offer(2, unread=tuple(policy))])
    decision = decide_prompt(
        samples.report(prompt), policy=DEFAULT_POLICY, conditions=conditions, fixed=(), opaque=prompt.opaque
    )
    assert (decision.verdict is Verdict.ALLOW) is passes
    assert (Opaque.PICTURES in conditions.unread) is passes
    if passes:
        assert minted(prompt, unread=conditions.unread)
        assert [reason.rule for reason in decision.reasons] == ["goes_unread"]


@pytest.mark.parametrize(
    ("policy", "pictures", "ruleset", "passes"),
    [
        pytest.param(["read_pictures"], False, "standard", True, id="named, and a dataset of texts"),
        pytest.param(["pictures"], True, "standard", True, id="any picture may go"),
        pytest.param(["pictures"], False, "standard", False, id="any picture may go, and a dataset of texts"),
        pytest.param(["read_pictures"], False, "strict", False, id="a strict grant"),
    ],
)
def test_a_picture_whose_words_were_read_goes_where_the_policy_names_it(policy, pictures, ruleset, passes):
    offer = samples.offer(unread=tuple(policy), pictures=pictures, conditions={"ruleset": ruleset})
    assert (Opaque.READ_PICTURES in strictest([offer]).unread) is passes


def picture(url: str) -> Prompt:
    content = [{"type": "image_url", "image_url": {"url": url}}]
    return Prompt.of(CHAT, {"model": "m", "messages": [{"role": "user", "content": content}]})


@pytest.mark.parametrize(
    "url",
    [
        pytest.param("https://example.org/a.png", id="an address"),
        pytest.param(uri(PDF), id="a PDF"),
        pytest.param(uri(PICTURE, "image/svg+xml"), id="a drawing made of text"),
        pytest.param(uri(PICTURE, "image/tiff"), id="a kind nobody knows"),
    ],
)
def test_only_pictures_of_known_kinds_are_taken_and_no_addresses(url):
    with pytest.raises(NotAllowed, match="unscannable") as refused:
        picture(url)
    assert "PNG, JPEG, GIF or WebP" in refused.value.reason


@pytest.mark.parametrize(
    ("data", "code"),
    [
        pytest.param(b64(PICTURE), "", id="a picture"),
        pytest.param(b64(PDF), "unscannable", id="a PDF"),
        pytest.param("plain words", "not_base64", id="words"),
    ],
)
def test_ollamas_pictures_wait_as_others_do(data, code):
    def ask():
        return Prompt.of(OLLAMA_CHAT, {"model": "m", "messages": [{"role": "user", "content": "x", "images": [data]}]})

    if code:
        with pytest.raises(DomainError, match=code):
            ask()
    else:
        assert [each.place for each in ask().unread] == ["messages[0].images[0]"]
