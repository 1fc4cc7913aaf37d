"""One act of a person ends in one e-mail and one signed call: by the real workers, to real servers, after commit, once."""

import time
from dataclasses import dataclass

import pytest
from django.db import transaction
from standardwebhooks import Webhook as Verifier

import asking
import builders
import scope
from governance.approvals.rules import DecisionKind
from governance.core.actors import Actor
from governance.core.clock import now
from governance.notices.models import Delivery
from governance.notices.services import add_webhook
from governance.organisation.models import Person
from governance.organisation.roles import Role
from harness.databases import connected_to
from harness.outside import MailServer, Receiver
from harness.processes import RunningRemit, wait_until

pytestmark = pytest.mark.services
KIND = "approvals.changes_requested"
SEVERAL_LOOKS_S = 3  # the clock looks for what is new every second


@dataclass
class Outside:
    """The servers that are written to, and who is told: the requester by mail, their unit's program by call."""

    mail: MailServer
    receiver: Receiver
    stack: RunningRemit
    requester: Person
    steward: Actor
    secret: str = ""

    @property
    def mails(self):
        return [mail for mail in self.mail.mails if mail["To"] == self.requester.email]

    @property
    def calls(self):
        return self.receiver.calls

    def ask(self):
        """Return a new request of the requester."""
        by, at = builders.actor(self.requester), now()
        initiative = scope.initiative(self.requester.memberships.get().unit, by=by, at=at)
        data = scope.dataset(builders.organisation(), at=at)
        ends = {"ends": str((at + 90 * asking.HOUR * 24).date())}
        wanted = asking.grant(data, scope.destination(at=at), at=at, **ends)
        return asking.sent(initiative, [wanted], by=by, at=at, **ends)

    def send_back(self, request):
        asking.say(DecisionKind.REQUEST_CHANGES, request, by=self.steward, comment="Synthetic: say more.", at=now())

    def told(self, mails, calls):
        return lambda: (len(self.mails), len(self.calls)) == (mails, calls) and self.all_written_down()

    def all_written_down(self):
        return not Delivery.objects.exclude(state="sent").filter(kind=KIND).exists()

    def kill_the_worker(self):
        """Kill it and everything it started, once: the answer reaches nobody."""
        self.receiver.before_answer = lambda: None
        killed = self.stack.kill("outbound")
        wait_until(lambda: self.stack.told()["processes"].get("outbound", killed) != killed, what="another worker")

    def verified(self):
        return [Verifier(self.secret).verify(call.body, call.headers)["type"] for call in self.calls]


@pytest.fixture(scope="module")
def servers():
    mail, receiver = MailServer(), Receiver()
    mail.start()
    receiver.start()
    yield mail, receiver
    receiver.stop()
    mail.stop()


@pytest.fixture(scope="module")
def everything_runs(servers, start_remit, django_db_setup, django_db_blocker):
    mail, receiver = servers
    told = {
        "REMIT_MAIL_URL": mail.address,
        "REMIT_MAIL_FROM": "Remit <remit@example.invalid>",
        "REMIT_WEBHOOK_LOOPBACK_ALLOWED": "on",
        "JOB_LEASE_S": "3",
    }
    stack = start_remit(only=("outbound", "clock"), extra=told)
    with django_db_blocker.unblock(), connected_to(stack.database):
        at = now()
        claims = builders.unit("Claims", at=at)
        requester = builders.person(Role.REQUESTER, claims, at=at)
        steward = builders.actor_with(Role.DATA_STEWARD, builders.organisation(), at=at)
        builders.person(Role.IT_APPROVER, builders.organisation(), at=at)
        head = builders.actor_with(Role.UNIT_HEAD, claims, at=at)
        hook = {"title": "Ticketing", "url": receiver.url, "unit_id": claims.pk, "kinds": [KIND]}
        _, secret = add_webhook(**hook, by=head, at=at)
        yield Outside(mail, receiver, stack, requester, steward, secret)


@pytest.fixture
def outside(everything_runs):
    everything_runs.mail.mails.clear()
    everything_runs.receiver.calls.clear()
    return everything_runs


def test_nothing_leaves_before_the_commit_and_each_once_after_it(outside):
    request = outside.ask()
    with transaction.atomic():
        outside.send_back(request)
        time.sleep(SEVERAL_LOOKS_S)
        assert (outside.mails, outside.calls) == ([], [])
    wait_until(outside.told(mails=1, calls=1), within_s=60, what="a mail and a call")
    time.sleep(SEVERAL_LOOKS_S)
    assert outside.told(mails=1, calls=1)()
    assert outside.verified() == [KIND]


def test_a_receiver_that_fails_gets_the_same_call_again(outside):
    outside.receiver.statuses = [500]
    outside.send_back(outside.ask())
    wait_until(outside.told(mails=1, calls=2), within_s=60, what="a second try of the call, and one mail")
    assert len({call.headers["webhook-id"] for call in outside.calls}) == 1
    assert outside.verified() == [KIND, KIND]


def test_a_worker_killed_within_a_call_repeats_that_call_and_nothing_that_was_taken(outside):
    outside.send_back(outside.ask())
    wait_until(outside.told(mails=1, calls=1), within_s=60, what="what is told before")
    outside.receiver.before_answer = outside.kill_the_worker
    outside.send_back(outside.ask())
    wait_until(outside.told(mails=2, calls=3), within_s=90, what="the call once more, and one mail")
    first, *interrupted = [call.headers["webhook-id"] for call in outside.calls]
    assert interrupted == [interrupted[0]] * 2 != [first] * 2
