"""A real Home Assistant as a child process: start, stop, kill, restart."""

from collections.abc import Mapping
from pathlib import Path
import signal
from subprocess import Popen
import time
from typing import Final, Self

from aiohttp import ClientError

from script import config_folder, onboarding, processes
from script.access import read_access, update_access
from script.api import ApiError, HassApi
from script.ports import LOCALHOST, free_port

REPOSITORY: Final = Path(__file__).resolve().parent.parent
ENVIRONMENT: Final = REPOSITORY / ".venv-run"
COMPONENTS: Final = REPOSITORY / "custom_components"
STAND_INS: Final = REPOSITORY / "script" / "stand_ins"

PID_FILE: Final = "hass.pid"
LOG_FILE: Final = "hass.log"


class StartError(Exception):
    """Home Assistant did not reach the state running."""


class HomeAssistant:
    """One Home Assistant in one configuration folder, on the loopback interface.

    A folder used before keeps its port, its user, its token and its data. As a context manager it
    starts on entry and stops on exit.
    """

    def __init__(
        self,
        config_dir: Path,
        *,
        port: int | None = None,
        components: Path = COMPONENTS,
        extra_yaml: str = "",
        environment: Mapping[str, str] | None = None,
    ) -> None:
        """Describe the instance; nothing is written or started yet.

        Args:
            config_dir: The configuration folder; made if missing.
            port: The HTTP port; the folder's own, else a free one, if not given.
            components: A folder of custom integrations, each linked into the configuration folder.
            extra_yaml: Text appended to configuration.yaml.
            environment: Variables set for the process, such as those of libfaketime.
        """
        self.config_dir = config_dir.resolve()
        saved = read_access(self.config_dir)
        self.port: int = port or saved.get("port") or free_port()
        self.url = f"http://{LOCALHOST}:{self.port}"
        self.api = HassApi(self.url, saved.get("token"))
        self._components = components
        self._extra_yaml = extra_yaml
        self._environment = dict(environment or {})
        self._process: Popen[bytes] | None = None

    def __enter__(self) -> Self:
        """Start and wait until running."""
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop."""
        self.stop()

    @property
    def token(self) -> str:
        """The owner's long-lived access token."""
        if self.api.token is None:
            raise StartError("Home Assistant was never started in this folder")
        return self.api.token

    @property
    def log(self) -> str:
        """Everything Home Assistant has printed in this folder, over all its starts."""
        path = self.config_dir / LOG_FILE
        return path.read_text(errors="replace") if path.exists() else ""

    @property
    def pid(self) -> int | None:
        """The id of the running process, if there is one, whoever started it."""
        if self._process is not None and self._process.poll() is None:
            return self._process.pid
        return processes.running_pid(self.config_dir / PID_FILE, str(self.config_dir))

    def start(self, timeout: float = 90) -> None:
        """Start, onboard if need be, and wait until Home Assistant says that it is running."""
        deadline = time.monotonic() + timeout
        try:
            self._launch()
            self._wait_listening(deadline)
            self._ensure_token()
            self._wait_running(deadline)
        except BaseException:
            self.kill()
            raise

    def stop(self, timeout: float = 30) -> None:
        """Shut down in order; after the timeout, by force."""
        if (pid := self.pid) is not None:
            processes.end(pid, timeout=timeout)
        (self.config_dir / PID_FILE).unlink(missing_ok=True)

    def kill(self) -> None:
        """End at once, as a power cut would, and wait until it is gone."""
        if (pid := self.pid) is not None:
            processes.send(pid, signal.SIGKILL)
            processes.wait_gone(pid, 10)
        (self.config_dir / PID_FILE).unlink(missing_ok=True)

    def restart(self, timeout: float = 90) -> None:
        """Stop and start again with the same data."""
        self.stop()
        self.start(timeout)

    def wait(self) -> int | None:
        """Wait until Home Assistant ends by itself and return its exit code."""
        return self._process.wait() if self._process is not None else None

    def _launch(self) -> None:
        if self.pid is not None:
            raise StartError(f"Home Assistant already runs in {self.config_dir}")
        config_folder.prepare(
            self.config_dir,
            port=self.port,
            components=self._components,
            extra_yaml=self._extra_yaml,
        )
        # The entry point and not `-m homeassistant`, which would import from the current folder.
        command = [str(ENVIRONMENT / "bin" / "hass"), "--config", str(self.config_dir)]
        self._process = processes.start(
            [*command, "--skip-pip", "--log-no-color"],
            pid_file=self.config_dir / PID_FILE,
            log=self.config_dir / LOG_FILE,
            cwd=self.config_dir,
            environment={"PYTHONPATH": str(STAND_INS), **self._environment},
        )

    def _wait_listening(self, deadline: float) -> None:
        while True:
            self._check_alive(deadline)
            try:
                HassApi(self.url).get("/manifest.json")
            except ClientError, ApiError, TimeoutError:
                time.sleep(0.1)
            else:
                return

    def _ensure_token(self) -> None:
        if not config_folder.is_onboarded(self.config_dir):
            self.api.token = onboarding.create_owner(self.url)
            onboarding.wait_until_saved(self.config_dir)
        elif not self._token_works():
            self.api.token = onboarding.log_in(self.url)
        update_access(self.config_dir, port=self.port, token=self.token)

    def _token_works(self) -> bool:
        try:
            self.api.get("/api/")
        except ApiError:
            return False
        return self.api.token is not None

    def _wait_running(self, deadline: float) -> None:
        while self.api.get("/api/config")["state"] != "RUNNING":
            self._check_alive(deadline)
            time.sleep(0.05)

    def _check_alive(self, deadline: float) -> None:
        if self.pid is None:
            raise StartError(f"Home Assistant ended early:\n{self._last_lines()}")
        if time.monotonic() > deadline:
            raise StartError(f"Home Assistant does not get ready:\n{self._last_lines()}")

    def _last_lines(self) -> str:
        return "\n".join(self.log.splitlines()[-30:])
