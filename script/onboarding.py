"""The first user of a fresh Home Assistant, and long-lived access tokens for it."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from script.api import HassApi
from script.waiting import comes_true

USERNAME: Final = "ev"
PASSWORD: Final = "ev-station"


def create_owner(url: str) -> str:
    """Create the owner, finish onboarding, and return a long-lived access token."""
    api = HassApi(url)
    client_id = f"{url}/"
    owner = {"name": "EV Owner", "username": USERNAME, "password": PASSWORD, "language": "en"}
    answer = api.post("/api/onboarding/users", {**owner, "client_id": client_id})
    api.token = _access_token(api, answer["auth_code"])
    finish = {"client_id": client_id, "redirect_uri": f"{client_id}?auth_callback=1"}
    api.post("/api/onboarding/integration", finish)
    return _long_lived_token(api)


def log_in(url: str, username: str = USERNAME, password: str = PASSWORD) -> str:
    """Log in with a password and return a new long-lived access token."""
    api = HassApi(url)
    handler = ["homeassistant", None]
    start = {"client_id": f"{url}/", "handler": handler, "redirect_uri": f"{url}/"}
    flow = api.post("/auth/login_flow", start)
    answer = {"client_id": f"{url}/", "username": username, "password": password}
    result = api.post(f"/auth/login_flow/{flow['flow_id']}", answer)
    api.token = _access_token(api, result["result"])
    return _long_lived_token(api)


def wait_until_saved(folder: Path, timeout: float = 10) -> None:
    """Wait until the owner and the token are on disk: Home Assistant writes them a second later."""
    auth = folder / ".storage" / "auth"
    if not comes_true(
        lambda: auth.exists() and "long_lived_access_token" in auth.read_text(), within=timeout
    ):
        raise TimeoutError("Home Assistant did not save its first user")


def _access_token(api: HassApi, code: str) -> str:
    form = {"grant_type": "authorization_code", "code": code, "client_id": f"{api.url}/"}
    token: str = api.post_form("/auth/token", form)["access_token"]
    return token


def _long_lived_token(api: HassApi) -> str:
    # A name serves once only.
    name = f"EV Station development {datetime.now(UTC).isoformat()}"
    token: str = api.call_ws("auth/long_lived_access_token", client_name=name, lifespan=3650)
    return token
