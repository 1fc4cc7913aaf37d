"""The scanner as a command: without Django, database or network, one line out for every record in. All texts are synthetic."""

import base64
import gzip
import json
import subprocess
import sys

import pytest

from governance.detection.__main__ import CANNOT_RUN, DONE, INCOMPLETE, WRONG_USE, main

EMAIL = "jane.roe@example.com"


def scan(tmp_path, records, *arguments):
    source, out = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    source.write_bytes(
        b"".join(record if isinstance(record, bytes) else json.dumps(record).encode() + b"\n" for record in records)
    )
    code = main(["scan", str(source), "--out", str(out), *arguments])
    return code, [json.loads(line) for line in out.read_text().splitlines()]


def test_the_scanner_starts_without_the_web_framework_or_any_slow_library():
    program = (
        "import sys, governance.detection, governance.detection.engine, governance.detection.default_policy, governance.detection.__main__\n"
        "print([name for name in ('django', 'celery', 'redis', 'psycopg', 'spacy', 'presidio_analyzer', 'betterleaks', 'numpy') if name in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    assert run.stdout.strip() == "[]"


def test_a_scanning_process_never_loads_the_web_framework(tmp_path):
    (tmp_path / "in.jsonl").write_text(json.dumps({"id": 1, "text": EMAIL}) + "\n")
    program = (
        "import sys\nfrom governance.detection.__main__ import main\n"
        f"main(['scan', {str(tmp_path / 'in.jsonl')!r}, '--out', {str(tmp_path / 'out.jsonl')!r}])\n"
        "print([name for name in ('django', 'celery', 'redis', 'psycopg') if name in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    assert run.stdout.strip() == "[]"


def test_places_are_code_points_of_the_original(tmp_path):
    text = f"\U0001f600 é {EMAIL}."
    code, (line,) = scan(tmp_path, [{"id": "r1", "text": text}], "--mode", "patterns")
    (finding,) = line["findings"]
    assert code == DONE
    assert (line["id"], line["complete"], finding["type"]) == ("r1", True, "EMAIL_ADDRESS")
    assert text[finding["start"] : finding["end"]] == EMAIL
    assert {"type", "subtype", "detector", "start", "end", "score"} == set(finding)


def test_the_output_never_holds_the_text(tmp_path):
    scan(tmp_path, [{"id": 1, "text": f"mail {EMAIL}, password = 'Tr0ub4dor-and-3'"}], "--mode", "patterns")
    out = (tmp_path / "out.jsonl").read_text()
    assert EMAIL not in out
    assert "Tr0ub4dor" not in out


def test_another_field_and_records_without_an_id(tmp_path):
    _, lines = scan(tmp_path, [{"body": "x"}, {"body": EMAIL}], "--field", "body", "--mode", "patterns")
    assert [(line["id"], len(line["findings"])) for line in lines] == [(1, 0), (2, 1)]


@pytest.mark.parametrize(
    ("record", "error"),
    [
        pytest.param(b"{oops\n", "json_syntax", id="a broken line"),
        pytest.param({"id": 7, "other": "x"}, "field_missing", id="no such field"),
    ],
)
def test_a_record_that_cannot_be_read_is_not_clean(tmp_path, record, error):
    code, (broken, good) = scan(tmp_path, [record, {"id": 2, "text": "fine"}], "--mode", "patterns")
    assert code == INCOMPLETE
    assert (broken["complete"], broken["error"]) == (False, error)
    assert good["complete"]


def test_a_line_too_large_to_be_held_is_named_and_the_next_one_scanned(tmp_path):
    code, (large, good) = scan(
        tmp_path,
        [b'{"id": 1, "text": "' + b"word " * 13_800_000 + b'"}\n', {"id": 2, "text": EMAIL}],
        "--mode",
        "patterns",
    )
    assert code == INCOMPLETE
    assert (large["complete"], large["error"]) == (False, "text_too_large")
    assert [finding["type"] for finding in good["findings"]] == ["EMAIL_ADDRESS"]


def test_an_incomplete_record_says_what_is_missing_and_why(tmp_path):
    bomb = base64.b64encode(gzip.compress(b"a" * (20 << 20))).decode()
    code, (line,) = scan(tmp_path, [{"id": 1, "text": f"see {bomb}"}], "--mode", "patterns")
    assert (code, line["complete"]) == (INCOMPLETE, False)
    assert line["missing"] == {"views": "ViewsTooLarge"} | dict.fromkeys(
        ("secrets", "markings", "languages", "source", "evaluation", "datasets", "patterns"), "skipped"
    )
    assert "zipped part" in line["why"][0]


def test_a_text_file_is_one_record(tmp_path):
    (tmp_path / "letter.txt").write_text(f"line one\nwrite to {EMAIL}\n")
    code = main(
        [
            "scan",
            str(tmp_path / "letter.txt"),
            "--format",
            "text",
            "--mode",
            "patterns",
            "--out",
            str(tmp_path / "out.jsonl"),
        ]
    )
    assert code == DONE
    assert len(json.loads((tmp_path / "out.jsonl").read_text())["findings"]) == 1


def test_a_register_is_made_and_used(tmp_path):
    code = "".join(f"    total_{n} = ledger.{'abcdefgh'[n % 8]}{n}(rate, {n * 7}, limit[{n}])\n" for n in range(40))
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "ours.py").write_text(code)
    assert main(["index", str(tmp_path / "src"), "--out", str(tmp_path / "register")]) == DONE
    _, (line,) = scan(
        tmp_path, [{"id": 1, "text": code[:900]}], "--mode", "patterns", "--register", str(tmp_path / "register")
    )
    assert {(f["type"], f["subtype"].split(":")[1]) for f in line["findings"]} == {("SOURCE", "ours.py")}


@pytest.mark.parametrize(
    ("document", "code"),
    [
        pytest.param({"version": 1, "detectors": {}}, WRONG_USE, id="a ruleset without detectors"),
        pytest.param({"version": 1, "detectors": {"oracle": {}}}, WRONG_USE, id="a detector nobody knows"),
        pytest.param(
            {
                "version": 1,
                "detectors": {
                    "source": {"registers": [{"id": "x", "kind": "source", "digest": "0", "folder": "gone"}]}
                },
            },
            CANNOT_RUN,
            id="a register that is not there",
        ),
    ],
)
def test_a_ruleset_that_cannot_be_used_scans_nothing(tmp_path, capsys, document, code):
    (tmp_path / "rules.json").write_text(json.dumps(document))
    (tmp_path / "in.jsonl").write_text("{}\n")
    arguments = [
        "scan",
        str(tmp_path / "in.jsonl"),
        "--out",
        str(tmp_path / "out.jsonl"),
        "--ruleset",
        str(tmp_path / "rules.json"),
    ]
    assert main(arguments) == code
    assert capsys.readouterr().err
    assert not (tmp_path / "out.jsonl").exists()


def test_without_its_second_model_the_strict_scanner_does_not_start(tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("REMIT_MODELS", str(tmp_path))
    (tmp_path / "in.jsonl").write_text("{}\n")
    arguments = ["scan", str(tmp_path / "in.jsonl"), "--mode", "strict", "--out", str(tmp_path / "out.jsonl")]
    assert main(arguments) == CANNOT_RUN
    assert "./dev prepare" in capsys.readouterr().err
    assert not (tmp_path / "out.jsonl").exists()


def test_findings_are_the_same_in_another_process(tmp_path):
    records = [
        {"id": n, "text": f"mail {n}{EMAIL}, call +49 30 901820, password = 'Tr0ub4dor-and-{n}'"} for n in range(3)
    ]
    _, here = scan(tmp_path, records, "--mode", "patterns")
    command = [
        sys.executable,
        "-m",
        "governance.detection",
        "scan",
        str(tmp_path / "in.jsonl"),
        "--mode",
        "patterns",
        "--out",
        str(tmp_path / "there.jsonl"),
    ]
    subprocess.run(command, check=True, capture_output=True)
    assert here == [json.loads(line) for line in (tmp_path / "there.jsonl").read_text().splitlines()]
