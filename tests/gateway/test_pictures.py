"""Pictures by the official clients: refused, unless the destination's policy names them and a dataset made of them may go there."""

import base64
import json

import openai
import pytest

import sending
from documents import docx, paragraph
from drawing import picture
from governance.catalogue.models import Dataset
from governance.catalogue.services import edit_dataset
from governance.core.clock import now
from governance.destinations.models import Destination
from governance.destinations.services import set_unread
from governance.detection.documents.kinds import DOCX
from governance.gateway.models import Exchange
from governance.remits.models import Grant
from governance.scanning.models import Finding

pytestmark = pytest.mark.services
# One grey point. Synthetic.
PNG = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg==")
SAYS_MORE = PNG[:33] + b"\x00\x00\x00\x0ctEXtBy\x00SomebodyX\x00\x00\x00\x00" + PNG[33:]


@pytest.fixture
def named(gateway, who, where):
    """The destination may be sent pictures; the grant's dataset is made of them."""
    grant = Grant.objects.get(initiative=who.initiative)
    place, data = Destination.objects.get(pk=where.pk), Dataset.objects.get(pk=grant.dataset_id)
    set_unread(destination_id=place.pk, unread=["pictures"], revision=place.revision, by=sending.INSTALLER, at=now())
    edit_dataset(dataset_id=data.pk, revision=data.revision, pictures=True, by=sending.INSTALLER, at=now())
    return who


@pytest.fixture
def reading(gateway, who, where):
    """The destination may be sent pictures whose words were read; the grant's dataset is made of texts."""
    place = Destination.objects.get(pk=where.pk)
    set_unread(
        destination_id=place.pk, unread=["read_pictures"], revision=place.revision, by=sending.INSTALLER, at=now()
    )
    return who


def ask(gateway, key, raw: bytes):
    url = f"data:image/png;base64,{base64.b64encode(raw).decode()}"
    content = [{"type": "text", "text": "What is on it?"}, {"type": "image_url", "image_url": {"url": url}}]
    return sending.client(gateway, key).chat.completions.create(
        model="recorder-1", messages=[{"role": "user", "content": content}]
    )


def test_a_picture_is_refused_by_its_rule_with_what_to_do(gateway, who, recording):
    before = recording.count()
    with pytest.raises(openai.PermissionDeniedError, match="opaque: pictures") as refused:
        ask(gateway, who.key, PNG)
    assert "send the text alone" in refused.value.body["remedy"]
    assert recording.count() == before


def test_the_very_bytes_of_a_picture_go_where_the_policy_names_pictures(gateway, named, recording):
    before = recording.count()
    assert ask(gateway, named.key, PNG)
    (body,) = recording.bodies(since=before)
    sent = json.loads(body)["messages"][0]["content"][1]["image_url"]["url"]
    assert base64.b64decode(sent.partition(",")[2]) == PNG
    assert [each["rule"] for each in Exchange.objects.order_by("-at").first().reasons] == ["goes_unread"]


def test_a_picture_that_says_by_whom_it_was_taken_is_refused(gateway, named, recording):
    before = recording.count()
    with pytest.raises(openai.PermissionDeniedError, match="without its metadata"):
        ask(gateway, named.key, SAYS_MORE)
    assert recording.count() == before


def test_a_screenshot_goes_where_pictures_are_read_when_nothing_is_found_in_it(gateway, reading, recording):
    before, raw = recording.count(), picture("Error 42: the build of the letters failed", "in stage two of three.")
    assert ask(gateway, reading.key, raw)
    (body,) = recording.bodies(since=before)
    sent = json.loads(body)["messages"][0]["content"][1]["image_url"]["url"]
    assert base64.b64decode(sent.partition(",")[2]) == raw


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        pytest.param(
            picture("export AWS_ACCESS_KEY_ID=AKIAZH4LTKWWDZREP64S"), "aws-access-token", id="a key on a screen"
        ),
        pytest.param(PNG, "opaque: pictures", id="nothing that could be read"),
    ],
)
def test_a_picture_is_refused_where_pictures_are_read(gateway, reading, recording, raw, why):
    before = recording.count()
    with pytest.raises(openai.PermissionDeniedError, match=why):
        ask(gateway, reading.key, raw)
    assert recording.count() == before


KEY_ON_A_SCREEN = picture("export AWS_ACCESS_KEY_ID=AKIAZH4LTKWWDZREP64S")
SCREEN = picture("Error 42: the build of the letters failed", "in stage two of three.")


def ask_about(gateway, key, drawn: bytes):
    """Send a DOCX with a picture in it; return its bytes."""
    raw = docx(paragraph("The meeting is moved to the larger room."), {"word/media/image1.png": drawn})
    data = f"data:{DOCX};base64,{base64.b64encode(raw).decode()}"
    content = [{"type": "file", "file": {"file_data": data, "filename": "a.docx"}}]
    sending.client(gateway, key).chat.completions.create(
        model="recorder-1", messages=[{"role": "user", "content": content}]
    )
    return data


def test_a_document_with_a_screenshot_goes_where_pictures_are_read(gateway, reading, recording):
    before = recording.count()
    data = ask_about(gateway, reading.key, SCREEN)
    (body,) = recording.bodies(since=before)
    assert json.loads(body)["messages"][0]["content"][0]["file"]["file_data"] == data
    exchange = Exchange.objects.order_by("-at").first()
    assert [(each["rule"], "read_pictures" in each["sentence"]) for each in exchange.reasons] == [("goes_unread", True)]


def test_a_key_in_a_picture_in_a_document_keeps_it_here_and_says_where(gateway, reading, recording):
    before = recording.count()
    with pytest.raises(openai.PermissionDeniedError, match="aws-access-token"):
        ask_about(gateway, reading.key, KEY_ON_A_SCREEN)
    assert recording.count() == before
    exchange = Exchange.objects.order_by("-at").first()
    assert {each.path.rpartition(", ")[2] for each in Finding.objects.filter(scan=exchange.scan)} == {"picture"}


def test_a_picture_in_a_document_that_cannot_be_read_is_refused_with_the_reason(gateway, reading, recording):
    before = recording.count()
    with pytest.raises(openai.PermissionDeniedError, match="picture: it is no plain PNG") as refused:
        ask_about(gateway, reading.key, SAYS_MORE)
    assert recording.count() == before
    assert refused.value.body["remedy"]
