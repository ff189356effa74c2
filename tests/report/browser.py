# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A headless Chromium that opens pages of the report: width, colour scheme, keys, console and policy violations."""

from __future__ import annotations

import contextlib
import time
from pathlib import Path
from typing import Any, Callable, Iterator

from selenium import webdriver
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement

# Debian's. Selenium would otherwise look for others, and download them.
CHROMIUM, DRIVER = "/usr/bin/chromium", "/usr/bin/chromedriver"
_FLAGS = (
    *("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars"),
    *("--disable-background-networking", "--no-first-run", "--lang=en-US"),
)
_WATCH = """
window.violations = [];
addEventListener("securitypolicyviolation", (each) => violations.push(each.violatedDirective + " " + each.blockedURI));
addEventListener("error", (event) => violations.push(String(event.message)));
"""
_PATIENCE = 30


class Browser:
    """A browser with one page. directory: for the files of the pages."""

    def __init__(self, driver: Any, directory: Path) -> None:
        self.driver = driver
        self._directory = directory

    def open(self, page: str, address: str = "", *, width: int = 1440, height: int = 900, dark: bool = False) -> None:
        """Open a page. address: what follows the name of the file, such as #host=web1."""
        self.size(width, height)
        self.media(dark=dark)
        file = self._directory / "report.html"
        file.write_text(page, encoding="utf-8")
        self.driver.get("about:blank")
        self.driver.get(f"{file.as_uri()}{address}")

    def size(self, width: int, height: int) -> None:
        """Set the size of the window, in CSS pixels."""
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)

    def media(self, *, dark: bool = False, medium: str = "") -> None:
        """Set the colour scheme, and the medium: print or empty for the screen."""
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        # Elements are clicked at once, and not while the page still scrolls to them.
        still = {"name": "prefers-reduced-motion", "value": "reduce"}
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": medium, "features": [scheme, still]})

    def go(self, address: str) -> None:
        """Follow a link within the page."""
        self.run("location.hash = arguments[0]", address)

    def run(self, script: str, *arguments: Any) -> Any:
        """Return the result of a script."""
        return self.driver.execute_script(script, *arguments)

    def keys(self, *keys: str) -> None:
        """Press keys, one after the other."""
        for key in keys:
            ActionChains(self.driver, duration=0).send_keys(key).perform()

    def one(self, selector: str) -> WebElement:
        """Return the first element of a CSS selector."""
        return self.driver.find_element(By.CSS_SELECTOR, selector)

    def texts(self, selector: str) -> list[str]:
        """Return the text of each visible element of a CSS selector."""
        script = (
            "return [...document.querySelectorAll(arguments[0])].filter((e) => e.offsetParent).map((e) => e.innerText)"
        )
        return self.run(script, selector)

    def violations(self) -> list[str]:
        """Return errors of scripts and violations of the Content-Security-Policy."""
        console = [row["message"] for row in self.driver.get_log("browser") if row["level"] == "SEVERE"]
        return [*self.run("return window.violations"), *console]

    def wait(self, condition: Callable[[], Any]) -> Any:
        """Return the result of the condition as soon as it is true. Raises AssertionError."""
        end = time.monotonic() + _PATIENCE
        while time.monotonic() < end:
            result = condition()
            if result:
                return result
            time.sleep(0.05)
        raise AssertionError(f"not within {_PATIENCE} s")


@contextlib.contextmanager
def started(directory: Path) -> Iterator[Browser]:
    """Yield a browser, and end it."""
    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    for flag in (*_FLAGS, f"--user-data-dir={directory / 'profile'}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(DRIVER))
    try:
        driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": _WATCH})
        yield Browser(driver, directory)
    finally:
        driver.quit()
