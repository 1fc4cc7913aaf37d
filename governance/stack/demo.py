"""The demo organisation: made once, at the first start, by `manage.py make_demo`; its addresses are kept up to date here."""

import json
import subprocess
import sys

from governance.stack.environment import Setting, environment_of
from governance.stack.places import ROOT, StackError, write_private


def prepare(setting: Setting) -> None:
    """Make the demo organisation unless it is there, and write today's addresses into demo.json."""
    if not setting.demo:
        return
    if not setting.state.demo.exists():
        _make(setting)
    told = json.loads(setting.state.demo.read_text())
    addresses = {"web": setting.web, "gateway": setting.gateway}
    write_private(setting.state.demo, json.dumps(told | addresses, indent=1, ensure_ascii=False) + "\n")


def _make(setting: Setting) -> None:
    done = subprocess.run(
        [sys.executable, "manage.py", "make_demo", "--state", str(setting.state.folder)],
        check=False,
        cwd=ROOT,
        env=environment_of("web", setting, name="make_demo"),
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise StackError(f"The demo organisation could not be made:\n{done.stderr.strip()}")
