"""After the first start of a demo its prompts have gone through the real gateway: some sent, some changed, some refused."""

import pytest

from governance.gateway.models import AnswerReview, Confirmation, Exchange, Run, Upload
from governance.gateway.rules import UploadState
from harness.databases import connected_to
from harness.processes import wait_until

NEEDED = ("web", "gateway", "stand_in", "interactive", "sequencer")


@pytest.mark.services
def test_the_demo_shows_what_left_what_was_changed_and_what_was_refused(
    start_remit, django_db_setup, django_db_blocker
):
    stack = start_remit(only=NEEDED, demo=True)
    wait_until((stack.state / "demo.sent").exists, within_s=60, what="the last prompt")
    with django_db_blocker.unblock(), connected_to(stack.database):
        # A busy machine is given a few tries, and each that could not be checked is recorded too.
        checked = Exchange.objects.exclude(verdict="unavailable")
        verdicts = list(checked.values_list("verdict", flat=True))
        looks = set(AnswerReview.objects.values_list("outcome", flat=True))
        runs = list(Run.objects.order_by("began_at", "id").values_list("name", "children"))
        waiting = Confirmation.objects.filter(state="waiting")
        assert [asked.tools for asked in waiting] == [["push_branch"]]
        sent = Exchange.objects.filter(verdict__in=["allow", "redact"]).exclude(pk__in=waiting.values("exchange"))
        assert set(sent.values_list("surface", "state")) == {
            ("openai.chat_completions", "completed"),
            ("anthropic.messages", "completed"),
            *((f"anthropic.message_{step}", "completed") for step in ("batches", "batch", "batch_results")),
            ("ollama.chat", "completed"),
        }
        (note,) = Upload.objects.all()
    assert len(verdicts) == 23
    assert (note.dialect, note.state) == ("anthropic", UploadState.KEPT)
    assert runs == [("parser-4711", 2), ("parser-4711.tests", 0), ("parser-4711.notes", 0)]
    assert looks == {"accepted", "edited"}
    assert {"allow", "redact", "justify", "hold", "block"} <= set(verdicts)
