"""A headless Chromium that is signed in to a Home Assistant."""

from collections.abc import Iterator
from contextlib import contextmanager
import json
import os
import shutil
from typing import Any, Final

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from script.home_assistant import HomeAssistant

NAMES: Final = ("chromium", "chromium-browser", "google-chrome")
CONNECTED: Final = "document.querySelector('home-assistant')?.hass?.connected === true"


def chromium_path() -> str | None:
    """Return the system's Chromium: Playwright's own is a download that needs more than a mirror."""
    found = (shutil.which(name) for name in (os.environ.get("CHROMIUM") or NAMES[0], *NAMES))
    return next((path for path in found if path), None)


@contextmanager
def chromium() -> Iterator[Browser]:
    """Run a headless Chromium."""
    with sync_playwright() as playwright:
        # Root, as in a container, cannot have the sandbox.
        browser = playwright.chromium.launch(
            executable_path=chromium_path(), args=["--no-sandbox"] if os.getuid() == 0 else []
        )
        try:
            yield browser
        finally:
            browser.close()


def signed_in(browser: Browser, house: HomeAssistant, **options: Any) -> BrowserContext:
    """Return a browser context, with Playwright's options for one, whose user is the owner."""
    context = browser.new_context(base_url=house.url, **options)
    tokens = {
        "access_token": house.token,
        "refresh_token": "",
        "token_type": "Bearer",
        "expires_in": 10**9,
        "expires": 10**13,
        "hassUrl": house.url,
        "clientId": f"{house.url}/",
    }
    stored = json.dumps(json.dumps(tokens))
    context.add_init_script(f"localStorage.setItem('hassTokens', {stored})")
    return context


def open_page(context: BrowserContext, path: str) -> Page:
    """Open a path and wait until the page talks to Home Assistant."""
    page = context.new_page()
    page.goto(path)
    page.wait_for_function(CONNECTED)
    return page
