"""Start what is compared, each on a port of this machine, and stop it again."""

import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

import psutil

import sending
from governance.stack.places import MODELS

from .environments import python_of
from .load import Lane

HERE = Path(__file__).parent
READY_S = 180
QUIET = {
    "HF_HUB_OFFLINE": "1",
    "OMP_NUM_THREADS": "1",
    "LITELLM_LOCAL_MODEL_COST_MAP": "True",
    "LITELLM_LOG": "ERROR",
    "DO_NOT_TRACK": "1",
    "NO_PROXY": "127.0.0.1",
}
MASKED = {"PERSON": "MASK", "EMAIL_ADDRESS": "MASK", "PHONE_NUMBER": "MASK"}
SERVED = ("--host", "127.0.0.1", "--no-access-log", "--log-level", "warning", "--loop", "uvloop", "--http", "httptools")


@dataclass
class Programs:
    """Everything that was started here; `folder` takes their logs and settings."""

    folder: Path
    started: dict[str, subprocess.Popen] = field(default_factory=dict)

    def start(self, name: str, command: list[object], *, port: int, path: str = "/", **environment: str) -> str:
        """Start a program and return its address once it answers anything on `path`."""
        # Its own environment only: ours holds the addresses and keys of a database.
        kept = {key: value for key, value in os.environ.items() if key in {"PATH", "HOME", "LANG", "TMPDIR"}}
        with (self.folder / f"{name}.log").open("wb") as log:
            self.started[name] = subprocess.Popen(
                list(map(str, command)), cwd=HERE, env=kept | QUIET | environment, stdout=log, stderr=log
            )
        address, deadline = f"http://127.0.0.1:{port}", time.monotonic() + READY_S
        while not _answers(address + path):
            if self.started[name].poll() is not None or time.monotonic() > deadline:
                sys.exit(f"{name} did not start:\n{(self.folder / f'{name}.log').read_text()[-2000:]}")
            time.sleep(0.3)
        return address

    def server(self, name: str, python: object, module: str, **environment: str) -> str:
        port = sending.free_port()
        command = [python, "-m", "uvicorn", f"{module}:application", "--port", port, *SERVED]
        return self.start(name, command, port=port, **environment)

    def memory(self, *names: str) -> float:
        """Return the MiB that programs and their children hold; what several of them share is counted once for each."""
        return sum(map(memory_of, (self.started[name].pid for name in names)))

    def stop(self) -> None:
        for process in self.started.values():
            for each in [*psutil.Process(process.pid).children(recursive=True), process]:
                each.kill()
            process.wait()


def memory_of(pid: int) -> float:
    top = psutil.Process(pid)
    return sum(each.memory_info().rss for each in [top, *top.children(recursive=True)]) / 1024**2


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2):
            return True
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False


def start_upstream(programs: Programs) -> str:
    return programs.server("provider", sys.executable, "upstream", PYTHONPATH=f"{HERE}{os.pathsep}{HERE.parent}")


def start_bare(programs: Programs, upstream: str) -> Lane:
    address = programs.server("bare", sys.executable, "_bare_proxy", PROVIDER=upstream, PYTHONPATH=str(HERE.parent))
    return Lane("bare proxy", address)


def start_cloakwall(programs: Programs, upstream: str) -> Lane:
    port, program = sending.free_port(), python_of("cloakwall").with_name("cloakwall")
    command = [program, "serve", "--upstream", f"{upstream}/v1", "--host", "127.0.0.1", "--port", port]
    command += ["--audit-path", programs.folder / "cloakwall-audit.log"]
    return Lane("cloakwall", programs.start("cloakwall", command, port=port, path="/v1/models"))


def start_presidio(programs: Programs) -> dict[str, str]:
    """Start analyzer and anonymizer; return how LiteLLM is told of them."""
    python = python_of("presidio")
    return {
        f"PRESIDIO_{role.upper()}_API_BASE": programs.server(
            role, python, "presidio_services", ROLE=role, PYTHONPATH=f"{HERE}{os.pathsep}{MODELS}"
        )
        for role in ("analyzer", "anonymizer")
    }


def start_litellm(programs: Programs, upstream: str, name: str, *, services: dict[str, str], replies: bool) -> Lane:
    """Start LiteLLM, with its Presidio guardrail when `services` are given; it looks at answers too when `replies` is set."""
    port, settings = sending.free_port(), programs.folder / f"{name}.yaml"
    guardrail: dict = {"guardrail": "presidio", "mode": "pre_call", "default_on": True, "pii_entities_config": MASKED}
    if not replies:
        guardrail["presidio_filter_scope"] = "input"
    provider = {"model": "openai/bench", "api_base": f"{upstream}/v1", "api_key": "sk-none"}
    told = {
        "model_list": [{"model_name": "bench", "litellm_params": provider}],
        "guardrails": [{"guardrail_name": "presidio", "litellm_params": guardrail}] if services else [],
        "litellm_settings": {"telemetry": False, "num_retries": 0},
        "general_settings": {"master_key": "sk-local-test"},
    }
    settings.write_text(json.dumps(told))  # JSON is YAML
    program = python_of("litellm").with_name("litellm")
    command = [program, "--config", settings, "--host", "127.0.0.1", "--port", port, "--num_workers", "1"]
    return Lane(name, programs.start(name, command, port=port, path="/health/liveliness", **services))
