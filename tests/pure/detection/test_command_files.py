"""What the command line reads and writes: any file in, and a whole file of findings out or none. All texts are synthetic."""

import gzip
import io
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from governance.core.errors import DomainError, Invalid
from governance.detection.__main__ import CANNOT_RUN, DONE, INCOMPLETE, STOPPED, WRONG_USE, main
from governance.detection.incoming import Doubtful, opened, record_of, texts_in
from governance.detection.outgoing import written_whole

EMAIL = "jane.roe@example.com"


def line(**record):
    return json.dumps(record).encode() + b"\n"


def read(raw, field="text"):
    return [
        (name, text.code if isinstance(text, DomainError) else text)
        for name, text in texts_in(io.BytesIO(raw), name="in", field=field)
    ]


def of_file(path):
    with opened(path) as source:
        return [
            (name, text.code if isinstance(text, DomainError) else text)
            for name, text in texts_in(source, name="in", field="text")
        ]


@pytest.mark.parametrize(
    ("raw", "texts"),
    [
        pytest.param(b"", [], id="nothing"),
        pytest.param(line(id=1, text="a")[:-1], [(1, "a")], id="no end of the last line"),
        pytest.param(b'{"id":1,"text":"a"}\r\n\r\n{"text":"b"}\r\n', [(1, "a"), (3, "b")], id="ends of Windows"),
        pytest.param(b"\xef\xbb\xbf" + line(id=1, text="a"), [(1, "a")], id="a byte order mark"),
        pytest.param(line(id=1, text="a\u2028b\x85c"), [(1, "a\u2028b\x85c")], id="line ends inside a text"),
        pytest.param(
            line(id=1, text="a") + b"\xef\xbb\xbf" + line(id=2, text="b"),
            [(1, "a"), (2, "json_bom")],
            id="a mark further on",
        ),
        pytest.param('{"id":1,"text":"a"}\n'.encode("utf-16"), [(1, "json_encoding"), (2, "json_nul")], id="UTF-16"),
        pytest.param(line(id=1, text=None) + line(id=2, text=["a"]), [(1, "field_missing"), (2, "field_missing")], id="no text"),
        pytest.param(b'["a"]\n"a"\nnull\n', [(1, "field_missing"), (2, "field_missing"), (3, "field_missing")], id="no object"),
    ],
)  # fmt: skip
def test_lines_are_read_however_they_were_saved(raw, texts):
    assert read(raw) == texts


@pytest.mark.parametrize(
    ("field", "text"),
    [
        pytest.param("messages[0].content", "one", id="through a list"),
        pytest.param("meta.note", "two", id="through an object"),
        pytest.param("a.b", "three", id="a key with a dot in it"),
        pytest.param("messages[1].content", None, id="behind the end"),
        pytest.param("messages.content", None, id="a list is no object"),
        pytest.param("messages[", None, id="no way at all"),
        pytest.param("", None, id="nothing"),
    ],
)
def test_a_field_may_be_the_way_to_a_text(field, text):
    record = {"messages": [{"content": "one"}], "meta": {"note": "two"}, "a.b": "three", "a": {"b": "four"}}
    _, found = record_of(json.dumps(record).encode(), field=field)
    assert (found.code if isinstance(found, Invalid) else found) == (text or "field_missing")


@pytest.mark.parametrize(
    ("raw", "code", "text"),
    [
        pytest.param(b'{"id":"r","text":"a\\u0000b"}', "json_nul", "a\x00b", id="an escaped NUL"),
        pytest.param(b'{"id":"r","text":"a\x00b"}', "json_nul", "a\x00b", id="a NUL"),
        pytest.param(b'{"id":"r","text":"a\\ud800b"}', "json_surrogate", "a\ud800b", id="half a character"),
        pytest.param(b'{"id":"r","text":"a\xffb"}', "json_encoding", "a\udcffb", id="a byte of no letter"),
        pytest.param(b'{"id":"r","text":"a\tb"}', "json_syntax", "a\tb", id="a bare tab"),
        pytest.param(b'{"id":"r","text":"ab","n":NaN}', "json_number", "ab", id="no number"),
    ],
)
def test_what_a_refused_line_may_say_is_looked_through_under_its_own_name(raw, code, text):
    name, found = record_of(raw, field="text")
    assert isinstance(found, Doubtful)
    assert (name, found.text, found.why.code) == ("r", text, code)


@pytest.mark.parametrize(
    ("raw", "name", "code"),
    [
        pytest.param(b'{"id":"r","text":"a","text":"b"}', "r", "json_duplicate_key", id="two texts"),
        pytest.param(b'{"id":"\\ud800","text":"a', None, "json_syntax", id="cut off"),
        pytest.param(b'{"x":"\\u0000","y":' + b"[" * 200_000, None, "json_depth", id="deep"),
        pytest.param(b'{"x":"\x00","y":' + b"[" * 200_000, None, "json_nul", id="a NUL and deep"),
        pytest.param(b'{"id":' + b"9" * 500 + b',"text":7}', None, "json_number", id="a name of 500 digits"),
    ],
)
def test_a_line_of_no_certain_text_is_refused_alone(raw, name, code):
    own, found = record_of(raw, field="text")
    assert isinstance(found, Invalid)
    assert (own, found.code) == (name, code)


def test_a_zipped_file_is_unzipped_and_a_broken_one_is_not_taken_for_its_beginning(tmp_path):
    zipped = gzip.compress(b"".join(line(id=f"r{n}", text=os.urandom(40).hex()) for n in range(50)))
    (tmp_path / "in.gz").write_bytes(zipped)
    (tmp_path / "cut.gz").write_bytes(zipped[:-100])
    whole, cut = of_file(tmp_path / "in.gz"), of_file(tmp_path / "cut.gz")
    assert [name for name, _ in whole] == [f"r{n}" for n in range(50)]
    assert cut[:-1] == whole[: len(cut) - 1]
    assert cut[-1] == (len(cut), "file_unreadable")


def refused(tmp_path, *arguments):
    (tmp_path / "in.jsonl").write_bytes(line(id=1, text="a"))
    return main(["scan", *(str(argument) for argument in arguments), "--mode", "patterns"])


@pytest.mark.parametrize(
    ("source", "out", "more", "says"),
    [
        pytest.param("gone.jsonl", "out.jsonl", [], "gone.jsonl cannot be read", id="no file"),
        pytest.param("", "out.jsonl", [], "directory", id="a folder"),
        pytest.param("in.jsonl", "gone/out.jsonl", [], "out.jsonl cannot be written", id="a folder that is not there"),
        pytest.param("in.jsonl", "", [], "cannot be written", id="into a folder"),
        pytest.param("in.jsonl", "in.jsonl", [], "is read by this scan", id="over what is read"),
        pytest.param("in.jsonl", "link.jsonl", [], "is read by this scan", id="over what is read, by another name"),
        pytest.param("in.jsonl", "out.jsonl", ["--key-file", "gone.key"], "gone.key cannot be read", id="no key"),
        pytest.param("in.jsonl", "out.jsonl", ["--key-file", "short.key"], "at least 16", id="a short key"),
        pytest.param("in.jsonl", "out.jsonl", ["--ruleset", "gone.json"], "gone.json cannot be read", id="no ruleset"),
    ],
)
def test_wrong_use_is_named_and_nothing_is_touched(tmp_path, capsys, source, out, more, says):
    (tmp_path / "short.key").write_bytes(b"short")
    (tmp_path / "link.jsonl").symlink_to(tmp_path / "in.jsonl")
    more = [word if word.startswith("--") else tmp_path / word for word in more]
    assert refused(tmp_path, tmp_path / source, "--out", tmp_path / out, *more) == WRONG_USE
    assert says in capsys.readouterr().err
    assert (tmp_path / "in.jsonl").read_bytes() == line(id=1, text="a")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.jsonl", "link.jsonl", "short.key"]


def test_a_time_that_never_ends_is_refused(tmp_path):
    for seconds in ("nan", "inf", "0", "-1", "soon"):
        with pytest.raises(SystemExit) as ended:
            refused(tmp_path, tmp_path / "in.jsonl", "--out", tmp_path / "out.jsonl", "--seconds", seconds)
        assert ended.value.code == WRONG_USE


def test_findings_stand_there_when_they_are_whole(tmp_path):
    out = tmp_path / "out.jsonl"
    out.write_text("of an earlier run\n")
    out.chmod(0o600)
    with written_whole(out) as file:
        file.write("one\n")
        assert not out.exists()
    assert out.read_text() == "one\n"
    assert out.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == [out]


def _write_half(out):
    with written_whole(out) as file:
        file.write("half a line")
        (out.parent / "gone").read_text()


def test_of_a_scan_that_fails_nothing_is_left(tmp_path):
    out = tmp_path / "out.jsonl"
    out.write_text("of an earlier run\n")
    with pytest.raises(FileNotFoundError):
        _write_half(out)
    assert list(tmp_path.iterdir()) == []


def test_a_link_stays_a_link(tmp_path):
    (tmp_path / "link").symlink_to(tmp_path / "out.jsonl")
    with written_whole(tmp_path / "link") as file:
        file.write("one\n")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "out.jsonl").read_text() == "one\n"


def test_two_runs_into_one_file_do_not_mix(tmp_path):
    out = tmp_path / "out.jsonl"
    with written_whole(out) as first, written_whole(out) as second:
        first.write("first\n" * 5000)
        second.write("second\n" * 5000)
    assert set(out.read_text().splitlines()) == {"first"}


def test_a_full_disk_ends_the_scan(tmp_path, capsys):
    assert refused(tmp_path, tmp_path / "in.jsonl", "--out", "/dev/full") == CANNOT_RUN
    assert "No space left" in capsys.readouterr().err


def command(*arguments, folder, **options):
    # Nothing of the environment, and no socket: what it needs, it has.
    program = (
        "import runpy, signal, socket, sys\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"  # in the background of a shell it is ignored
        "def refuse(*_, **__): raise AssertionError('a socket')\n"
        "socket.socket.__init__ = socket.create_connection = socket.getaddrinfo = refuse\n"
        "runpy.run_module('governance.detection', run_name='__main__')\n"
    )
    kept = {name: os.environ[name] for name in ("REMIT_MODELS",) if name in os.environ}
    environment = {**kept, "PYTHONPATH": str(Path.cwd()), "PYTHONHASHSEED": "7"}
    return subprocess.Popen(
        [sys.executable, "-c", program, *arguments], cwd=folder, env=environment, stdin=subprocess.PIPE, stderr=subprocess.PIPE, **options
    )  # fmt: skip


def test_standard_input_and_output_in_a_bare_environment_without_sockets(tmp_path):
    raw = line(id="r1", text=f"write to {EMAIL}") + b'{"id":"r2","text":"\\ud800 ' + EMAIL.encode() + b'"}\n'
    run = command("scan", "-", "--out", "-", folder=tmp_path, stdout=subprocess.PIPE)
    told, progress = run.communicate(raw)
    lines = [json.loads(each) for each in told.splitlines()]
    assert run.returncode == INCOMPLETE
    assert progress.endswith(b"2 records, 1 incomplete\n")
    assert [(each["id"], each["complete"], each.get("error")) for each in lines] == [
        ("r1", True, None),
        ("r2", False, "json_surrogate"),
    ]
    mails = [found for each in lines for found in each["findings"] if found["type"] == "EMAIL_ADDRESS"]
    assert [(found["start"], found["end"]) for found in mails] == [(9, 29), (2, 22)]


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_a_scan_that_is_stopped_leaves_nothing(tmp_path, sign):
    run = command(
        "scan", "-", "--out", str(tmp_path / "out.jsonl"), "--mode", "patterns", folder=tmp_path, stdout=subprocess.PIPE
    )
    run.stdin.write(line(text="a") * 1000)
    run.stdin.flush()
    assert run.stderr.readline() == b"1000 records\n"
    assert [path.suffix for path in tmp_path.iterdir()] == [".part"]
    run.send_signal(sign)
    _, said = run.communicate()
    assert (run.returncode, said) == (STOPPED, b"Stopped before the end.\n")
    assert list(tmp_path.iterdir()) == []


def test_a_zipped_file_is_scanned(tmp_path):
    (tmp_path / "in.jsonl.gz").write_bytes(gzip.compress(line(id=1, text=EMAIL)))
    out = tmp_path / "out.jsonl"
    assert main(["scan", str(tmp_path / "in.jsonl.gz"), "--out", str(out), "--mode", "patterns"]) == DONE
    assert [found["type"] for found in json.loads(out.read_text())["findings"]] == ["EMAIL_ADDRESS"]
