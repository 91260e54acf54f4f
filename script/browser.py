"""A headless Chromium that is signed in to a Home Assistant."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
import json
import os
import shutil
from typing import Any, Final

from playwright.async_api import Browser, BrowserContext, Page, async_playwright

from script.home_assistant import HomeAssistant

NAMES: Final = ("chromium", "chromium-browser", "google-chrome")
CONNECTED: Final = "document.querySelector('home-assistant')?.hass?.connected === true"


def chromium_path() -> str | None:
    """Return the system's Chromium: Playwright's own is a download that needs more than a mirror."""
    found = (shutil.which(name) for name in (os.environ.get("CHROMIUM") or NAMES[0], *NAMES))
    return next((path for path in found if path), None)


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """Run a headless Chromium."""
    async with async_playwright() as playwright:
        # Root, as in a container, cannot have the sandbox.
        browser = await playwright.chromium.launch(
            executable_path=chromium_path(), args=["--no-sandbox"] if os.getuid() == 0 else []
        )
        try:
            yield browser
        finally:
            await browser.close()


async def signed_in(
    browser: Browser, house: HomeAssistant, token: str, **options: Any
) -> BrowserContext:
    """Return a browser context, with Playwright's options for one, whose user has that long-lived token."""
    context = await browser.new_context(base_url=house.url, **options)
    tokens = {
        "access_token": token,
        "refresh_token": "",
        "token_type": "Bearer",
        "expires_in": 10**9,
        "expires": 10**13,
        "hassUrl": house.url,
        "clientId": f"{house.url}/",
    }
    stored = json.dumps(json.dumps(tokens))
    # The empty page a tab begins with has no storage.
    await context.add_init_script(
        f"if (origin === '{house.url}') localStorage.setItem('hassTokens', {stored})"
    )
    return context


async def open_page(context: BrowserContext, path: str) -> Page:
    """Open a path and wait until the page talks to Home Assistant."""
    page = await context.new_page()
    await page.goto(path)
    await page.wait_for_function(CONNECTED)
    return page
