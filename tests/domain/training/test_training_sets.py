"""From the bytes of a training set to the right to release them. Real storage, real scanner; every name and key is synthetic."""

import hashlib
import json
from datetime import timedelta

import pytest

import asking
from governance.core.canonical import canonical
from governance.core.clock import now
from governance.core.errors import Conflict, DomainError, NotAllowed, NotSignedIn
from governance.core.ids import uuid7
from governance.gateway.services.stops import place_stop
from governance.gateway.stopping import StopScope
from governance.organisation.selectors import standing_of
from governance.scanning.services import ensure_default
from governance.training import services
from governance.training.models import ReleasePermit, TrainingSet
from governance.training.rules import TrainingSetState
from governance.training.selectors import training_set
from governance.training.signing import is_signed
from governance.training.tickets import holder_of, ticket_for
from governance.training.vault import vault
from governance.work.models import Job
from governance.work.rules import JobState
from governance.work.running import run_job

CLEAN = {"messages": [{"role": "user", "content": "Why is the sky blue?"}, {"role": "assistant", "content": "Light."}]}
PERSONAL = {
    "messages": [
        {"role": "user", "content": "Write to ana.muster@example.com about the claim."},
        {"role": "assistant", "content": "Done: ana.muster@example.com has the letter."},
    ]
}
SECRET = {
    "messages": [
        {"role": "user", "content": "aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYzzzzzzzzzz"},
        {"role": "assistant", "content": "Noted."},
    ]
}


def jsonl(*records):
    return b"".join(json.dumps(record).encode() + b"\n" for record in records)


def stored(data):
    with vault().writer(f"set-{uuid7()}") as writer:
        writer.write(data)
    return writer.file


def worked():
    """Do every job that waits, as the bulk workers do, until none is left."""
    while waiting := Job.objects.filter(state=JobState.QUEUED).values_list("pk", flat=True):
        for job_id in list(waiting):
            assert run_job(job_id), Job.objects.get(pk=job_id).error_code


@pytest.fixture
def place(committed_db, group):
    ensure_default(by=asking.builders.INSTALLER, at=now())


@pytest.fixture
def received(place, assistant, owner):
    def receive(*records, data=None):
        file = stored(data if data is not None else jsonl(*records))
        return services.register_set(initiative_id=assistant.pk, title="Letters", file=file, by=owner, at=now())

    return receive


def scanned(row):
    worked()
    row.refresh_from_db()
    return row


def test_a_clean_set_is_clean_and_its_bytes_are_sealed(received):
    data = jsonl(CLEAN, CLEAN | {"metadata": {"n": "1"}})
    row = scanned(received(data=data))
    assert (row.state, row.verdict, row.records) == (TrainingSetState.CLEAN, "allow", 2)
    assert row.digest == hashlib.sha256(data).hexdigest()
    with vault().reader(row.storage_ref) as reader:
        assert reader.read() == data
    sealed = b"".join(path.read_bytes() for path in vault().root.rglob("*") if path.is_file())
    assert b"sky blue" not in sealed


def test_findings_name_their_line_and_field_and_never_the_value(received, owner):
    row = scanned(received(CLEAN, PERSONAL))
    page = training_set(row.pk, standing=standing_of(owner.person), at=now())
    assert row.state == TrainingSetState.FINDINGS
    assert {(place.line, place.path) for place in page.places if place.type == "EMAIL_ADDRESS"} == {
        (2, "messages[0].content"),
        (2, "messages[1].content"),
    }
    assert "muster" not in json.dumps(list(row.chunks.values_list("findings", flat=True)))


def test_broken_lines_are_told_and_the_rest_is_still_reported(received, owner):
    row = scanned(received(data=b'{"messages": [\n' + jsonl(PERSONAL) + b"[1]\n"))
    page = training_set(row.pk, standing=standing_of(owner.person), at=now())
    assert row.state == TrainingSetState.UNSCANNABLE
    assert [(line.line, line.code) for line in page.broken] == [(1, "json_syntax"), (3, "record_not_object")]
    assert page.counts["EMAIL_ADDRESS"] == 2


def test_a_redacted_copy_is_a_set_of_its_own_and_is_scanned_again(received, owner):
    row = scanned(received(CLEAN, PERSONAL))
    services.ask_redacted_copy(training_set_id=row.pk, by=owner, at=now())
    worked()
    copy = TrainingSet.objects.get(parent=row)
    with vault().reader(copy.storage_ref) as reader:
        lines = reader.read().splitlines()
    assert json.loads(lines[0]) == CLEAN
    assert b"muster" not in lines[1]
    first, second = (message["content"] for message in json.loads(lines[1])["messages"])
    placeholder = first.split()[2]
    assert placeholder.startswith("<EMAIL_ADDRESS_")
    assert placeholder in second
    assert copy.digest != row.digest
    assert copy.state == TrainingSetState.CLEAN


def test_the_same_bytes_are_received_once(received):
    received(CLEAN)
    with pytest.raises(Conflict) as refused:
        received(CLEAN)
    assert refused.value.code == "already_uploaded"


def test_an_outsider_may_not_upload(place, assistant, outsider):
    with pytest.raises(NotAllowed):
        services.register_set(initiative_id=assistant.pk, title="x", file=stored(b"{}\n"), by=outsider, at=now())


@pytest.fixture
def granted(place, assistant, letters, tenant, owner, deciders):
    """The initiative may fine-tune toward the tenant destination."""
    ends = (now() + timedelta(days=90)).date().isoformat()
    asked = asking.grant(letters, tenant, at=now(), mode="fine_tune", purpose="train_model", ends=ends)
    request = asking.sent(
        assistant, [asked], by=owner, at=now(), ends=ends, technique="fine_tune", purpose="train_model"
    )
    return asking.approve(request, *deciders, at=now())


def test_an_approved_release_gets_a_signed_permit_for_exactly_these_bytes(received, granted, tenant, owner, deciders):
    row = scanned(received(CLEAN))
    asked = services.ask_release(training_set_id=row.pk, destination_id=tenant.pk, by=owner, at=now())
    request = asking.Request.objects.get(subject_id=asked.pk)
    asking.approve(request, *deciders, at=now())
    row.refresh_from_db()
    permit = ReleasePermit.objects.get(training_set=row)
    assert row.state == TrainingSetState.RELEASABLE
    assert (permit.body["training_set"], permit.body["destination"]) == (row.digest, "tenant")
    assert is_signed(canonical(permit.body), bytes(permit.signature))
    assert not is_signed(canonical(permit.body | {"training_set": "0" * 64}), bytes(permit.signature))


def test_the_asker_does_not_decide_the_release(received, granted, tenant, owner):
    row = scanned(received(CLEAN))
    asked = services.ask_release(training_set_id=row.pk, destination_id=tenant.pk, by=owner, at=now())
    with pytest.raises(DomainError):
        asking.approve(asking.Request.objects.get(subject_id=asked.pk), owner, at=now())


def test_a_set_with_a_key_is_never_asked_about(received, granted, tenant, owner):
    row = scanned(received(SECRET))
    with pytest.raises(NotAllowed) as refused:
        services.ask_release(training_set_id=row.pk, destination_id=tenant.pk, by=owner, at=now())
    assert refused.value.code == "never_released"


def test_without_a_grant_nothing_is_asked(received, tenant, owner):
    row = scanned(received(CLEAN))
    with pytest.raises(NotAllowed) as refused:
        services.ask_release(training_set_id=row.pk, destination_id=tenant.pk, by=owner, at=now())
    assert refused.value.code == "no_grant"


def test_a_rejected_release_leaves_the_set_as_its_scan_says(received, granted, tenant, owner, deciders):
    row = scanned(received(CLEAN))
    asked = services.ask_release(training_set_id=row.pk, destination_id=tenant.pk, by=owner, at=now())
    request = asking.Request.objects.get(subject_id=asked.pk)
    asking.say(asking.DecisionKind.REJECT, request, by=deciders[0], comment="not this data", at=now())
    row.refresh_from_db()
    assert row.state == TrainingSetState.CLEAN
    assert not ReleasePermit.objects.exists()


def test_a_ticket_speaks_for_its_person_and_a_forged_one_for_nobody(owner):
    ticket = ticket_for(owner.person, owner.name)
    assert holder_of(ticket, request_id="r").person == owner.person
    with pytest.raises(NotSignedIn):
        holder_of(ticket[:-1] + ("A" if ticket[-1] != "A" else "B"), request_id="r")


@pytest.mark.parametrize("scope", [StopScope.EVERYTHING, StopScope.INITIATIVE, StopScope.DESTINATION])
def test_nothing_is_released_while_a_stop_holds(received, granted, tenant, assistant, owner, deciders, scope):
    row = scanned(received(CLEAN))
    asked = services.ask_release(training_set_id=row.pk, destination_id=tenant.pk, by=owner, at=now())
    target = {StopScope.INITIATIVE: assistant.code, StopScope.DESTINATION: tenant.ref}.get(scope)
    place_stop(scope=scope, target=target, reason="A synthetic incident.", by=asking.builders.INSTALLER, at=now())
    request = asking.Request.objects.get(subject_id=asked.pk)
    with pytest.raises(NotAllowed) as refused:
        asking.approve(request, *deciders, at=now())
    assert refused.value.code == "stopped"
    assert not ReleasePermit.objects.exists()
    row.refresh_from_db()
    assert row.state == TrainingSetState.IN_REVIEW


@pytest.fixture
def demand(granted, assistant, letters, tenant, owner, deciders):
    """Return a function that lets the next version of the remit demand how values are replaced."""

    def demanded(way):
        ends = (now() + timedelta(days=90)).date().isoformat()
        told = asking.grant(letters, tenant, at=now(), mode="fine_tune", purpose="train_model", ends=ends)
        told["conditions"] = {**told["conditions"], "way": way}
        remit = {"ends": ends, "technique": "fine_tune", "purpose": "train_model"}
        asking.approve(asking.sent(assistant, [told], by=owner, at=now(), **remit), *deciders, at=now())

    return demanded


def copy_made(row, owner):
    services.ask_redacted_copy(training_set_id=row.pk, by=owner, at=now())
    worked()
    return TrainingSet.objects.filter(parent=row).latest("uploaded_at")


def test_a_demand_made_since_asks_for_another_copy(received, demand, tenant, owner):
    row = scanned(received(CLEAN, PERSONAL))
    first = copy_made(row, owner)
    demand("hash")
    with pytest.raises(NotAllowed) as refused:
        services.ask_release(training_set_id=first.pk, destination_id=tenant.pk, by=owner, at=now())
    assert refused.value.code == "demand_since"
    second = copy_made(row, owner)
    assert (second.demand, second.digest != first.digest) == ("hash", True)
    assert services.ask_release(training_set_id=second.pk, destination_id=tenant.pk, by=owner, at=now())


def test_a_copy_whose_bytes_keep_to_a_new_demand_stands_for_the_new_one(received, demand, owner):
    row = scanned(received(CLEAN, PERSONAL))
    first = copy_made(row, owner)
    demand("placeholder")
    assert copy_made(row, owner).pk == first.pk
    first.refresh_from_db()
    assert first.demand == "placeholder"
    assert training_set(first.pk, standing=standing_of(owner.person), at=now()).kept_to


def test_the_last_yes_is_not_taken_for_a_copy_that_tells_more_than_is_demanded_since(
    received, demand, tenant, owner, deciders
):
    copy = copy_made(scanned(received(CLEAN, PERSONAL)), owner)
    asked = services.ask_release(training_set_id=copy.pk, destination_id=tenant.pk, by=owner, at=now())
    demand("hash")
    request = asking.Request.objects.get(subject_id=asked.pk)
    asking.approve(request, *deciders, at=now())
    assert asking.Request.objects.get(pk=request.pk).state == "stale"
    assert not ReleasePermit.objects.exists()
