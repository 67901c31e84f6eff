"""Take the pictures of docs/report.md: the report of the example library in Chromium.

Needs the extra `browser` and Chromium. Run it after a change to `report-ui`, and check the result.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parents[1]
PAGES = {"overview": "overview", "map": "map", "card": "pattern/shared-tool-library"}
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


def main() -> None:
    """Write docs/pictures/report-*.png."""
    with TemporaryDirectory() as folder, sync_playwright() as playwright:
        library, report = Path(folder, "library"), Path(folder, "report.html")
        shutil.copytree(ROOT / "examples" / "library", library)
        (library / "patternlint.toml").touch()
        command = [sys.executable, "-m", "patternlint", "report", "-q", "--title", "Example library", "-o", str(report)]
        environment = {**os.environ, "SOURCE_DATE_EPOCH": "1764460800", "PYTHONPATH": str(ROOT)}
        subprocess.run(command, cwd=library, env=environment, check=True)  # noqa: S603 - our own command
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        for name, address in PAGES.items():
            page = browser.new_page(viewport={"width": 1280, "height": 860}, reduced_motion="reduce")
            page.goto(f"{report.as_uri()}#{address}")
            page.wait_for_selector("html[data-ready]", state="attached")
            page.wait_for_timeout(500)
            page.screenshot(path=ROOT / "docs" / "pictures" / f"report-{name}.png")
            page.close()
        browser.close()


if __name__ == "__main__":
    main()
