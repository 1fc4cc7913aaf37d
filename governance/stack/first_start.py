"""Who may come in after the first start: the demo organisation, or a link for the first platform admin."""

import json
import subprocess
import sys
import threading

from governance.stack.environment import Setting, environment_of
from governance.stack.places import ROOT, StackError, write_private
from governance.stack.story.exchanges import send_prompts


def prepare_demo(setting: Setting) -> None:
    """Make the demo organisation unless it is there, and write today's addresses into demo.json."""
    if not setting.state.demo.exists():
        _manage(setting, "make_demo", "--state", str(setting.state.folder))
    told = json.loads(setting.state.demo.read_text())
    addresses = {"web": setting.web, "gateway": setting.gateway}
    write_private(setting.state.demo, json.dumps(addresses | told | addresses, indent=1, ensure_ascii=False) + "\n")


def send_prompts_soon(setting: Setting) -> None:
    """Send the prompts of the demo's story beside everything else; a daemon, so that Ctrl-C never waits for it."""
    threading.Thread(target=send_prompts, args=[setting.state], daemon=True).start()


def first_admin_link(setting: Setting) -> str:
    """Return a one-time link that makes the first platform admin, or "" when there is one already."""
    return _manage(setting, "first_admin_link").strip()


def _manage(setting: Setting, command: str, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "manage.py", command, *arguments],
        check=False,
        cwd=ROOT,
        env=environment_of("web", setting, name=command),
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise StackError(f"manage.py {command} failed:\n{done.stderr.strip()}")
    return done.stdout
