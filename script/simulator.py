"""The simulated chargers as a process of their own."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
import sys
from typing import Final

from script import processes
from script.home_assistant import REPOSITORY
from script.waiting import comes_true

MODULE: Final = "tests.simulator"


class SimulatorError(Exception):
    """The simulated chargers ended at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Simulator:
    """Simulated chargers whose id and output are kept in a configuration folder."""

    config_dir: Path

    def start(self, url: str, *, chargers: int, speed: float) -> None:
        """Start chargers that dial the URL; those of an earlier start are ended."""
        self.stop()
        process = processes.start(
            [sys.executable, "-m", MODULE, *_options(url, chargers, speed)],
            pid_file=self._pid_file,
            log=self._log,
            cwd=REPOSITORY,
            environment={},
        )
        if comes_true(lambda: process.poll() is not None, within=1):
            raise SimulatorError(f"{self._log}:\n{self._last_lines()}")

    def stop(self) -> None:
        """End the chargers, if there are any."""
        if (pid := processes.running_pid(self._pid_file, MODULE)) is not None:
            processes.end(pid, timeout=5)
        self._pid_file.unlink(missing_ok=True)

    @property
    def _pid_file(self) -> Path:
        return self.config_dir / "simulator.pid"

    @property
    def _log(self) -> Path:
        return self.config_dir / "simulator.log"

    def _last_lines(self) -> str:
        return "\n".join(self._log.read_text(errors="replace").splitlines()[-10:])


def _options(url: str, chargers: int, speed: float) -> Sequence[str]:
    return "--url", url, "--chargers", str(chargers), "--speed", f"{speed:g}"
