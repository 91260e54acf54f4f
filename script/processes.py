"""Processes that outlive the command that started them, found again by a file with their id."""

from collections.abc import Mapping, Sequence
import os
from pathlib import Path
import signal
import subprocess

from script.waiting import comes_true


def start(
    command: Sequence[str], *, pid_file: Path, log: Path, cwd: Path, environment: Mapping[str, str]
) -> subprocess.Popen[bytes]:
    """Start a process in a session of its own, its output appended to the log."""
    with log.open("ab") as output:
        process = subprocess.Popen(
            command,
            cwd=cwd,
            env={**os.environ, **environment},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    pid_file.write_text(f"{process.pid}\n")
    return process


def running_pid(pid_file: Path, marker: str) -> int | None:
    """Return the id in the file if that process lives and its command line holds the marker."""
    try:
        pid = int(pid_file.read_text())
    except FileNotFoundError, ValueError:
        return None
    return pid if _is_alive(pid) and marker in _command_line(pid) else None


def end(pid: int, *, timeout: float) -> None:
    """End a process and what it started: SIGTERM, a while to obey, then SIGKILL."""
    send(pid, signal.SIGTERM)
    if not wait_gone(pid, timeout):
        send(pid, signal.SIGKILL, whole_session=True)
        wait_gone(pid, 5)


def send(pid: int, number: signal.Signals, *, whole_session: bool = False) -> None:
    """Send a signal to a process, or to all of its session's process group."""
    try:
        (os.killpg if whole_session else os.kill)(pid, number)
    except ProcessLookupError:
        return


def wait_gone(pid: int, timeout: float) -> bool:
    """Wait until a process has ended; tell whether it did in time."""
    return comes_true(lambda: not _is_alive(pid), within=timeout)


def _is_alive(pid: int) -> bool:
    _reap(pid)
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def _reap(pid: int) -> None:
    """Collect a child that ended, which would otherwise look alive."""
    try:
        os.waitpid(pid, os.WNOHANG)
    except ChildProcessError:
        return


def _command_line(pid: int) -> str:
    entry = Path(f"/proc/{pid}/cmdline")
    if entry.parent.parent.exists():
        return entry.read_text().replace("\0", " ") if entry.exists() else ""
    ps = ["ps", "-ww", "-o", "args=", "-p", str(pid)]
    return subprocess.run(ps, capture_output=True, text=True, check=False).stdout
