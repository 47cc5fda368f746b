"""A real browser without a window: Debian's chromium, driven by selenium, with no network to speak of.

`python tests/browser.py reports/microworld/index.html#compare shot.png` takes a picture of a report's page, 1400 px
wide and as tall as its content (the README's was made so).
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

OPTIONS = ["--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--hide-scrollbars",
           "--force-color-profile=srgb", "--disable-background-networking", "--window-size=1400,1000"]  # fmt: skip


def missing() -> str | None:
    """What this machine lacks, and where to get it; None where it has all."""
    for program, package in (("chromium", "chromium"), ("chromedriver", "chromium-driver")):
        if shutil.which(program) is None:
            return f"{program} is not installed; apt-get install {package}"
    return None if importlib.util.find_spec("selenium") else "selenium is not installed; `make install`"


@contextmanager
def running() -> Iterator[Any]:
    """A selenium driver. It logs every request and everything that a page complains of."""
    from selenium import webdriver

    options = webdriver.ChromeOptions()
    options.binary_location = shutil.which("chromium") or ""
    options.set_capability("goog:loggingPrefs", {"performance": "ALL", "browser": "ALL"})
    with tempfile.TemporaryDirectory(prefix="sdbench-browser-") as profile:
        for option in (*OPTIONS, f"--user-data-dir={profile}"):
            options.add_argument(option)
        service = webdriver.ChromeService(shutil.which("chromedriver"), env={**os.environ, "HOME": profile})
        driver = webdriver.Chrome(options, service)
        try:
            yield driver
        finally:
            driver.quit()


def show(driver: Any, index: Path, view: str = "") -> None:
    """Open a page anew at a view, and wait until there is something to see."""
    driver.get("about:blank")  # another fragment alone would not load the page again
    driver.get(f"{index.as_uri()}#{view}")
    wait(driver, "section:not([hidden]) table, .tiles figure, .tiles p, [role=alert]")


def wait(driver: Any, selector: str) -> Any:
    """The elements that a selector finds, once there are any."""
    from selenium.webdriver.support.ui import WebDriverWait

    return WebDriverWait(driver, 20).until(lambda d: d.find_elements("css selector", selector))


def texts(driver: Any, selector: str) -> list[str]:
    """innerText of every element that is shown."""
    script = "return [...document.querySelectorAll(arguments[0])].filter(e => e.offsetParent).map(e => e.innerText)"
    return [text.strip() for text in driver.execute_script(script, selector)]


def click(driver: Any, selector: str) -> None:
    driver.find_element("css selector", selector).click()


def until(driver: Any, script: str) -> None:
    """Wait until an expression of JavaScript is true."""
    from selenium.webdriver.support.ui import WebDriverWait

    WebDriverWait(driver, 20).until(lambda d: d.execute_script(f"return {script}"))


def screenshot(address: str, picture: Path) -> None:
    path, _, view = address.partition("#")
    with running() as driver:
        show(driver, Path(path).resolve(), view)
        driver.execute_async_script("setTimeout(arguments[0], 1000)")  # pictures that are near the window
        height = driver.execute_script("return document.body.scrollHeight + outerHeight - innerHeight")
        driver.set_window_size(1400, min(height, 3000))
        driver.execute_async_script("setTimeout(arguments[0], 1000)")
        driver.save_screenshot(str(picture))


if __name__ == "__main__":
    if len(sys.argv) != 3 or (lacking := missing()):
        raise SystemExit(__doc__ if len(sys.argv) != 3 else lacking)
    screenshot(sys.argv[1], Path(sys.argv[2]))
