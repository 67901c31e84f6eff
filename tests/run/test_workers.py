"""Workers end with the run, and a run ends when a worker is killed."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from patternlint.run import analysis
from tests.support.command import ERROR, process

pytestmark = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="processes are found in /proc")

_RULE = '''\
import pathlib
import time

from patternlint.rule import Example, Rule, Severity


class Waits(Rule):
    """It ends."""

    name = "waits"
    severity = Severity.INFO
    why = "A test."
    bad = (Example("slug: «a»\\n"),)
    good = (Example("slug: b\\n"),)

    def check(self, pattern):
        pathlib.Path("started").touch()
        time.sleep(60)
        yield from ()
'''


@pytest.fixture
def running(tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A run with two workers, in which a rule waits."""
    (tmp_path / "lint").mkdir()
    (tmp_path / "lint" / "waits.py").write_text(_RULE, encoding="utf-8")
    (tmp_path / "patternlint.toml").write_text('rules = ["lint"]\nlimits = { rule-time = 100 }\n', encoding="utf-8")
    for number in range(analysis.POOL_THRESHOLD):
        (tmp_path / f"p-{number}.md").write_text(f"---\nslug: p-{number}\nontology: {{}}\n---\n", encoding="utf-8")
    pipe = subprocess.PIPE
    with process("--jobs", "2", "--no-cache", cwd=tmp_path, stdout=pipe, stderr=pipe) as started:
        while not (tmp_path / "started").exists():
            assert started.poll() is None
            time.sleep(0.01)
        yield started
        started.kill()


def children(pid: int) -> list[int]:
    """Return the processes that a process has started."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text(encoding="utf-8").rpartition(")")[2].split()
        except OSError:  # it has ended
            continue
        if int(fields[1]) == pid and fields[0] != "Z":
            found.append(int(stat.parent.name))
    return found


def test_a_worker_that_is_killed_ends_the_run_with_a_sentence(running: subprocess.Popen[bytes]) -> None:
    os.kill(children(running.pid)[0], signal.SIGKILL)
    out, err = running.communicate(timeout=60)
    assert running.returncode == ERROR
    assert out == b""
    assert err.decode() == (
        "patternlint: a worker process was killed, perhaps because memory ran out; try again with `--jobs 1`\n"
    )


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGKILL])
def test_a_signal_that_ends_the_run_leaves_no_worker(running: subprocess.Popen[bytes], number: signal.Signals) -> None:
    if signal.getsignal(number) is signal.SIG_IGN:  # a run started with `nohup` inherits this
        pytest.skip("this signal is ignored here")
    workers = children(running.pid)
    assert workers
    running.send_signal(number)
    assert running.wait(60) == -number
    deadline = time.monotonic() + 30
    while any(Path(f"/proc/{pid}").exists() for pid in workers) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not [pid for pid in workers if Path(f"/proc/{pid}").exists()]
