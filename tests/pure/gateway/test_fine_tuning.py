"""Jobs that tune a model: nothing that is said of one is overlooked, and no id of a provider reaches its caller."""

import pytest
from openai.types.fine_tuning.job_create_params import JobCreateParams

import census
from governance.gateway.dialects.openai.fine_tuning import BEGIN_JOB, OF_JOBS, renamed
from governance.gateway.dialects.openai.training_files import file_id, file_number

NUMBER = "01a217e5e45974939e9826f8e1ae21fe"
NAMES = {"model": "m-1", "training_file": f"file-set-{NUMBER}", "validation_file": f"file-set-{NUMBER}"}


@pytest.mark.parametrize("turn", range(census.TURNS))
def test_each_text_of_a_job_is_scanned_or_refused_by_name(turn):
    tree = census.Bodies(turn, NAMES).of(JobCreateParams)
    prompt, cuts = census.taken(BEGIN_JOB, tree)
    assert census.unscanned(prompt) == set()
    assert {code for code, _ in cuts} <= {"unscannable", "unknown_field", "wrong_type", "field_missing"}
    assert ("unscannable", "integrations") in cuts
    assert {"suffix", "metadata"} <= {text.keys[0] for text in prompt.texts}


@pytest.mark.parametrize(
    ("own_id", "known"),
    [
        pytest.param(f"file-set-{NUMBER}", True, id="ours"),
        pytest.param(f"file-set-{NUMBER.upper()}", False, id="written otherwise"),
        pytest.param(f"file-{NUMBER}", False, id="a file of a batch"),
        pytest.param(NUMBER, False, id="a bare number"),
        pytest.param("file-set-../../x", False, id="a path"),
        pytest.param(f"file-set-{NUMBER}\n", False, id="more behind it"),
    ],
)
def test_only_ids_of_training_sets_lead_to_one(own_id, known):
    number = file_number(own_id)
    assert (number is not None) is known
    assert number is None or file_id(number) == own_id


def test_what_a_provider_calls_ours_is_told_under_our_name():
    told = {"id": "ftjob-theirs", "said": ["Job ftjob-theirs begins with f1.", "f1", 1], "ok": True}
    names = {"ftjob-theirs": "ftjob-ours", "f1": "file-ours"}
    assert renamed(told, names) == {
        "id": "ftjob-ours",
        # An id as short as a word is told by itself alone: it may stand in any sentence.
        "said": ["Job ftjob-ours begins with f1.", "file-ours", 1],
        "ok": True,
    }


def test_of_a_job_no_text_is_kept():
    seen = OF_JOBS.seen({"status": "failed", "error": {"message": "x y"}, "metadata": {"a": "b"}, "model": "a b"})
    assert (seen["status"], seen["model"], "metadata" in seen, "error" in seen) == ("failed", None, False, False)
