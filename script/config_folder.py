"""A Home Assistant configuration folder that starts headless, offline and on the loopback interface only."""

from datetime import UTC, datetime
import json
from pathlib import Path
from typing import Any, Final

from script.ports import LOCALHOST

# default_config would bring cloud, voice assistants and binaries that are not there.
CONFIGURATION: Final = """\
homeassistant:
  name: EV Station
  latitude: 52.52
  longitude: 13.40
  elevation: 34
  unit_system: metric
  currency: EUR
  country: DE
  language: en
  time_zone: Europe/Berlin
automation: !include automations.yaml
blueprint:
calendar:
config:
energy:
frontend:
history:
input_boolean:
input_number:
logbook:
my:
person:
recorder:
scene:
schedule:
script:
sun:
timer:
logger:
  default: warning
  logs:
    custom_components.ev_station: info
    # Known and harmless here: no ffmpeg, no libturbojpeg.
    haffmpeg: critical
    homeassistant.components.camera.img_util: critical
"""


def prepare(folder: Path, *, port: int, components: Path, extra_yaml: str = "") -> None:
    """Write what Home Assistant must find in the folder; what it wrote there itself stays."""
    storage = folder / ".storage"
    storage.mkdir(parents=True, exist_ok=True)
    (folder / "configuration.yaml").write_text(CONFIGURATION + extra_yaml)
    (folder / "automations.yaml").touch()
    _write_http(storage, port)
    _skip_onboarding_steps(storage)
    _link_components(folder / "custom_components", components)


def is_onboarded(folder: Path) -> bool:
    """Tell whether the folder's Home Assistant has its first user."""
    data = json.loads((folder / ".storage" / "onboarding").read_text())
    return "integration" in data["data"]["done"]


def _write_http(storage: Path, port: int) -> None:
    """Fix the address where it is trusted: given in YAML, a port is on trial and reverted by a restart."""
    stable = {
        "server_host": [LOCALHOST],
        "server_port": port,
        "cors_allowed_origins": ["https://cast.home-assistant.io"],
        "login_attempts_threshold": -1,
        "ip_ban_enabled": False,
        "ssl_profile": "modern",
        "use_x_frame_options": True,
        "created_at": datetime.now(UTC).isoformat(),
        "error": None,
        "error_message": None,
    }
    data = {"stable": stable, "pending": None, "yaml_migration_done": True}
    # Version 2.2 knows the TLS profiles by their old names; newer releases migrate it to theirs.
    _write_store(storage, "http", version=2, minor_version=2, data=data)


def _skip_onboarding_steps(storage: Path) -> None:
    """Take out the steps that would set up integrations that need the internet."""
    if not (storage / "onboarding").exists():
        _write_store(storage, "onboarding", version=4, data={"done": ["core_config", "analytics"]})


def _write_store(
    storage: Path, key: str, *, version: int, data: dict[str, Any], minor_version: int = 1
) -> None:
    document = {"version": version, "minor_version": minor_version, "key": key, "data": data}
    (storage / key).write_text(json.dumps(document, indent=2))


def _link_components(folder: Path, components: Path) -> None:
    """Link each integration on its own, so that others can be installed beside it."""
    folder.mkdir(exist_ok=True)
    for source in components.iterdir():
        link = folder / source.name
        if (source / "manifest.json").is_file() and not link.exists():
            link.unlink(missing_ok=True)
            link.symlink_to(source.resolve(), target_is_directory=True)
