"""Fine-tuning by OpenAI's own client: a file is sealed, read and decided on here, and goes to the provider only when it is released."""

import hashlib
import json
from concurrent.futures import ThreadPoolExecutor
from itertools import count

import openai
import pytest
from django.db import transaction

import sending
import talking
from builders import INSTALLER
from governance.core.clock import now
from governance.core.vocabulary import Mode
from governance.destinations.services import set_terms
from governance.gateway.dialects.multipart import MULTIPART, parts_of
from governance.gateway.models import Exchange, Publication
from governance.gateway.rules import PublicationState
from governance.gateway.services.stops import place_stop
from governance.gateway.stopping import StopScope
from governance.organisation.models import RoleGrant
from governance.organisation.services.grants import take_role
from governance.remits.models import Grant
from governance.training.models import ReleasePermit, ReleaseRequest, TrainingSet
from governance.training.rules import TrainingSetState
from governance.training.services import issue_permit
from governance.training.signing import _private
from governance.training.vault import vault
from governance.work.models import Job
from governance.work.rules import JobState
from governance.work.running import run_job

pytestmark = pytest.mark.services
_questions = count(1)


@pytest.fixture
def place(gateway, settings):
    """The test works where the processes do, as a bulk worker and those who decide would."""
    settings.STATE_DIR = gateway.state
    settings.STORAGE_KEY_FILE = gateway.state / "keys" / "storage.key"
    settings.PERMIT_PRIVATE_KEY_FILE = gateway.state / "keys" / "permit.ed25519"
    vault.cache_clear()
    _private.cache_clear()
    yield gateway
    vault.cache_clear()
    _private.cache_clear()


@pytest.fixture
def client(place, who):
    with talking.openai_client(place.gateway, who.key) as made:
        yield made


@pytest.fixture
def other(place, recording):
    """The client of another initiative that may call the same interface."""
    made, where = sending.builder(), sending.destination(recording.url)
    sending.grant(made, where)
    sending.grant(made, where, mode=Mode.FINE_TUNE)
    with talking.openai_client(place.gateway, made.key) as client:
        yield client


def records(*answers):
    """Return the lines of a set that no other test has."""
    asked = f"Question {next(_questions)}: why is the sky blue?"
    turns = [
        [{"role": "user", "content": asked}, {"role": "assistant", "content": each}] for each in answers or ("Light.",)
    ]
    return b"".join(json.dumps({"messages": each}).encode() + b"\n" for each in turns)


def handed_in(client, raw, name="letters-of-ana@example.org.jsonl"):
    return client.files.create(file=(name, raw), purpose="fine-tune")


def read_all():
    """Do what the bulk workers do until nothing waits."""
    while waiting := list(Job.objects.filter(state=JobState.QUEUED).values_list("pk", flat=True)):
        for job in waiting:
            run_job(job)


def row_of(file):
    return TrainingSet.objects.get(pk=file.id.removeprefix("file-set-"))


def test_a_file_becomes_a_training_set_and_says_how_it_stands(client, who, recording):
    before, raw = recording.count(), records()
    file = handed_in(client, raw)
    assert (file.status, file.purpose, file.bytes) == ("uploaded", "fine-tune", len(raw))
    row = row_of(file)
    assert (row.initiative, row.uploaded_by, row.digest) == (
        who.initiative,
        who.person,
        hashlib.sha256(raw).hexdigest(),
    )
    assert "ana@" not in row.title + file.filename
    read_all()
    told = client.files.retrieve(file.id)
    assert told.status == "processed"
    assert f"/training-sets/{row.pk}/" in told.status_details
    assert recording.count() == before


def test_its_bytes_lie_sealed_and_are_those_that_came(client):
    raw = records("The sky scatters blue light. " * 40_000)  # more than a block
    row = row_of(handed_in(client, raw))
    with vault().reader(row.storage_ref) as reader:
        assert reader.read() == raw
    assert b"scatters" not in (vault().root / row.storage_ref).read_bytes()


def test_the_same_bytes_are_one_file(client):
    raw = records()
    assert handed_in(client, raw).id == handed_in(client, raw).id


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        pytest.param(b'{"messages": [\n', "could not be checked", id="a broken line"),
        pytest.param(records("aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYzzzzzzzzzz"), "keys", id="a key"),
    ],
)
def test_what_can_never_leave_is_an_error_that_says_why(client, raw, said):
    file = handed_in(client, raw)
    read_all()
    told = client.files.retrieve(file.id)
    assert (told.status, said in told.status_details) == ("error", True)
    assert "wJalr" not in told.status_details


def test_a_file_is_known_to_its_initiative_alone_and_never_given_back(client, other):
    file = handed_in(client, records())
    with pytest.raises(openai.NotFoundError, match="no such file"):
        other.files.retrieve(file.id)
    assert file.id not in [each.id for each in other.files.list()]
    assert file.id in [each.id for each in client.files.list(purpose="fine-tune", limit=1)]
    for refused in (client.files.content, client.files.delete, other.files.content):
        with pytest.raises(openai.PermissionDeniedError):
            refused(file.id)


def test_who_may_not_hand_in_sets_is_refused_before_anything_is_kept(client, who, place):
    for each in RoleGrant.objects.filter(person=who.person, ends_at=None):
        take_role(person_id=who.person.pk, role=each.role, unit_id=each.unit_id, by=INSTALLER, at=now())
    kept = set(vault().root.iterdir())
    with pytest.raises(openai.PermissionDeniedError) as refused:
        handed_in(client, records())
    assert refused.value.code == "not_permitted"
    assert set(vault().root.iterdir()) == kept


@pytest.mark.parametrize("order", [["file", "purpose"], ["purpose"], ["purpose", "more", "file"]])
def test_a_form_that_cannot_be_taken_is_refused_and_nothing_is_kept(client, who, place, order):
    kept, fields = TrainingSet.objects.count(), {"purpose": "fine-tune", "more": "x", "file": "{}"}
    parts = [f'--b\r\nContent-Disposition: form-data; name="{each}"\r\n\r\n{fields[each]}\r\n' for each in order]
    form = {"Content-Type": "multipart/form-data; boundary=b"}
    raw = ("".join(parts) + "--b--\r\n").encode()
    status, _, told = sending.post(place, who.key, raw, path="/openai/v1/files", headers=form)
    assert (status in {400, 404}, bool(told["error"]["code"])) == (True, True)
    assert TrainingSet.objects.count() == kept


def released(file, where):
    """Let those who decide have said yes; the way there, through a request and its approvals, is told in tests/domain/training."""
    row, at = row_of(file), now()
    with transaction.atomic():
        asked = ReleaseRequest.objects.create(
            training_set=row, destination=where, terms=where.terms.first(), asked_by=row.uploaded_by, asked_at=at
        )
        TrainingSet.objects.filter(pk=row.pk).update(state=TrainingSetState.IN_REVIEW)
        return issue_permit(release_id=asked.pk, by=INSTALLER, at=at)


@pytest.fixture
def to_train(who, where):
    return sending.grant(who, where, mode=Mode.FINE_TUNE)


@pytest.fixture
def tuned(client, where, to_train):
    """A file that was read and released toward the destination, where its initiative may fine-tune."""
    file = handed_in(client, records("Tuesday.", "Wednesday."))
    read_all()
    released(file, where)
    return file


def begin(client, file, **more):
    return client.fine_tuning.jobs.create(model=talking.MODEL, training_file=file.id, **more)


def paths(recording, before):
    return [head["path"] for head in recording.heads()[before:]]


def test_a_released_set_is_sent_once_and_jobs_begin_with_it(client, tuned, recording, where):
    before = recording.count()
    job = begin(client, tuned, suffix="letters", metadata={"for": "ana@example.org"})
    form, asked = recording.bodies(since=before)
    with vault().reader(row_of(tuned).storage_ref) as reader:
        assert parts_of(form, MULTIPART) == {"purpose": b"fine-tune", "file": reader.read()}
    assert b"ana@example.org" not in asked
    assert (job.training_file, job.id.startswith("ftjob-"), job.status) == (tuned.id, True, "queued")
    assert job.metadata == {"for": "ana@example.org"}
    row = row_of(tuned)
    assert row.state == TrainingSetState.RELEASED
    assert ReleasePermit.objects.get(training_set=row).used_at is not None
    again = begin(client, tuned)
    assert paths(recording, before) == ["/v1/files", "/v1/fine_tuning/jobs", "/v1/fine_tuning/jobs"]
    assert json.loads(recording.bodies(since=before)[2])["training_file"] == json.loads(asked)["training_file"]
    assert Publication.objects.get(training_set=row).state == PublicationState.SENT
    written = Exchange.objects.filter(mode=Mode.FINE_TUNE).order_by("at").values_list("surface", flat=True)
    assert list(written)[-3:] == ["openai.fine_tuning_jobs", "openai.training_file", "openai.fine_tuning_jobs"]
    assert [each.id for each in client.fine_tuning.jobs.list()] == [again.id, job.id]


def test_a_job_is_followed_under_ids_that_its_caller_knows(client, other, tuned):
    job = begin(client, tuned, validation_file=tuned.id, metadata={"for": "letters"})
    done = client.fine_tuning.jobs.retrieve(job.id)
    assert (done.status, done.training_file, done.validation_file) == ("succeeded", tuned.id, tuned.id)
    said = [each.message for each in client.fine_tuning.jobs.list_events(job.id, limit=10)]
    assert f"Job {job.id} begins with {tuned.id}." in said
    (checkpoint,) = client.fine_tuning.jobs.checkpoints.list(job.id)
    assert checkpoint.fine_tuning_job_id == job.id
    assert client.fine_tuning.jobs.cancel(job.id).status == "cancelled"
    assert client.fine_tuning.jobs.list().data[0].status == "cancelled"
    assert other.fine_tuning.jobs.list().data == []


def test_files_and_jobs_of_another_initiative_are_unknown(client, other, recording, tuned):
    job, before = begin(client, tuned), recording.count()
    asked = other.fine_tuning.jobs
    for ask in (
        lambda: begin(other, tuned),
        lambda: asked.retrieve(job.id),
        lambda: asked.cancel(job.id),
        lambda: asked.list_events(job.id),
    ):
        with pytest.raises(openai.NotFoundError):
            ask()
    assert recording.count() == before


@pytest.mark.parametrize(
    "name", ["file-provider-says", "file-set-01a217e5e45974939e9826f8e1ae21fe", "../x", "file-set-\u202e", ""]
)
def test_no_job_begins_with_a_file_that_is_not_ours(client, to_train, recording, name):
    before = recording.count()
    with pytest.raises((openai.NotFoundError, openai.BadRequestError)):
        client.fine_tuning.jobs.create(model=talking.MODEL, training_file=name)
    assert recording.count() == before


def test_a_set_that_nobody_released_stays_here_and_says_where_to_ask(client, to_train, tuned, recording):
    file, before = handed_in(client, records()), recording.count()
    for named in ({"training_file": file.id}, {"training_file": tuned.id, "validation_file": file.id}):
        with pytest.raises(openai.PermissionDeniedError) as refused:
            client.fine_tuning.jobs.create(model=talking.MODEL, **named)
        assert (refused.value.code, refused.value.param) == ("not_released", list(named)[-1])
        assert f"/training-sets/{row_of(file).pk}/" in str(refused.value)
    assert recording.count() == before


PYTHON = {"type": "python", "name": "g", "source": "import os"}


@pytest.mark.parametrize(
    ("more", "field"),
    [
        pytest.param(
            {"integrations": [{"type": "wandb", "wandb": {"project": "p"}}]}, "integrations", id="a second way out"
        ),
        pytest.param(
            {"method": {"type": "reinforcement", "reinforcement": {"grader": PYTHON}}},
            "method.reinforcement.grader",
            id="code of a grader",
        ),
    ],
)
def test_what_would_go_on_from_there_is_refused_by_name(client, tuned, recording, more, field):
    before = recording.count()
    with pytest.raises(openai.PermissionDeniedError) as refused:
        begin(client, tuned, **more)
    assert (refused.value.code, refused.value.param) == ("unscannable", field)
    assert recording.count() == before


def revoked(who):
    sending.revoke_grants(who)


def stopped(who):
    code = who.initiative.code
    place_stop(scope=StopScope.INITIATIVE, target=code, reason="A synthetic incident.", by=INSTALLER, at=now())


def new_terms(who):
    where = Grant.objects.filter(initiative=who.initiative).first().destination
    terms = {name: getattr(where.terms.first(), name) for name in ("trains_on_inputs", "weights_owner", "cleared_for")}
    set_terms(destination_id=where.pk, retention_days=30, **terms, by=INSTALLER, at=now())


def demanded_since(who):
    """What was released is a redacted copy, made before a grant demanded how values are replaced."""
    where = Grant.objects.filter(initiative=who.initiative).first().destination
    sets = TrainingSet.objects.filter(initiative=who.initiative)
    with transaction.atomic():
        sets.update(parent=sets.first())
        sending.grant(who, where, mode=Mode.FINE_TUNE, way="hash")


@pytest.mark.parametrize("taken_back", [revoked, new_terms, stopped, demanded_since])
def test_a_release_opens_nothing_once_what_it_stands_on_is_gone(client, who, tuned, recording, taken_back):
    before = recording.count()
    taken_back(who)
    with pytest.raises(openai.PermissionDeniedError):
        begin(client, tuned)
    assert recording.count() == before


def test_a_release_leads_to_its_own_destination_alone(client, who, tuned, recording):
    elsewhere = sending.destination(recording.url, models=("recorder-2",))
    sending.grant(who, elsewhere, mode=Mode.FINE_TUNE)
    with pytest.raises(openai.PermissionDeniedError) as refused:
        client.fine_tuning.jobs.create(model="recorder-2", training_file=tuned.id)
    assert refused.value.code == "not_released"


def test_of_two_jobs_at_once_one_sends_the_set(client, tuned, recording):
    before = recording.count()
    with ThreadPoolExecutor(4) as pool:
        asked = [pool.submit(begin, client, tuned) for _ in range(4)]
    begun = [each for each in asked if each.exception() is None]
    assert {each.exception().code for each in asked if each not in begun} <= {"set_on_its_way"}
    assert begun
    assert paths(recording, before).count("/v1/files") == 1
    assert paths(recording, before).count("/v1/fine_tuning/jobs") == len(begun)


def test_other_bytes_than_those_released_never_leave(client, tuned, recording):
    before = recording.count()
    with vault().writer(row_of(tuned).storage_ref) as writer:
        writer.write(records())
    with pytest.raises(openai.InternalServerError) as refused:
        begin(client, tuned)
    assert refused.value.code == "bytes_changed"
    assert recording.count() == before


def test_a_provider_that_refuses_a_set_is_not_quoted_and_does_not_use_up_its_release(client, to_train, where):
    file = handed_in(client, records("Refuse this file, for Tuesday's sake."))
    read_all()
    permit = released(file, where)
    with pytest.raises(openai.InternalServerError) as refused:
        begin(client, file)
    assert (refused.value.code, "Tuesday" in str(refused.value)) == ("provider_refused_file", False)
    permit.refresh_from_db()
    assert permit.used_at is None
    assert Publication.objects.get(permit=permit).state == PublicationState.FAILED


def test_what_is_said_of_a_job_is_read_as_an_answer(client, tuned):
    job = begin(client, tuned, metadata={"for": "Say restricted"})
    with pytest.raises(openai.PermissionDeniedError) as refused:
        client.fine_tuning.jobs.list_events(job.id)
    assert refused.value.code == "reply_blocked"
