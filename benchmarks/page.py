"""Measure the page of `patternlint report` in Chromium with software rendering.

    python -m benchmarks.page REPORT.html [--copies N]

`--copies` measures a larger page: the patterns, links and findings of the report N times. Needs the extra `browser` and Chromium.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from patternlint.library_report.html import html_of_blocks
from patternlint.library_report.payload import unpack

if TYPE_CHECKING:
    from playwright.sync_api import Browser, CDPSession, Page

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
ARGUMENTS = ("--no-sandbox", "--disable-gpu")

_ROUNDS = 7
_BLOCK = re.compile(r'<script type="application/octet-stream" id="(\w+)">([^<]*)</script>')
_TITLE = re.compile("<title>([^<]*)</title>")

UNPACKED = """
(async () => {
  for (const id of %s) {
    const bytes = Uint8Array.from(atob(document.getElementById(id).textContent), (one) => one.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
    await new Response(stream).json();
  }
  document.documentElement.dataset.ready = String(Math.round(performance.now()));
})();
"""
"""A page that only unpacks some blocks."""


class Times(Struct, frozen=True):
    """The milliseconds of several actions, and the processor time of scripts for one of them, on average."""

    all: Sequence[float]
    script: float

    def __str__(self) -> str:
        return f"{self.script:.1f} ms of script; clock: median {median(self.all):.1f} ms, most {max(self.all):.1f} ms"


class PageFigures(Struct, frozen=True):
    """What the page takes.

    Attributes:
        size: the bytes of the file.
        ready: the milliseconds until the overview is ready.
        unpacked: the milliseconds until a page that only unpacks the block of the overview is ready.
        unpacked_all: likewise, with the block of the patterns and links.
        frame: what a frame of the map takes while it is zoomed.
        hover: what a move of the pointer over the most linked patterns takes, with its frame.
        search: what a change of the search text of the findings takes.
        heap: the bytes of the heap and of its buffers, after all pages were shown.
    """

    size: int
    ready: float
    unpacked: float
    unpacked_all: float
    frame: Times
    hover: Times
    search: Times
    heap: int

    def rows(self) -> Iterator[tuple[str, str]]:
        """Yield the figures as titles and texts."""
        yield "size", f"{self.size / 1e6:.2f} MB"
        yield "overview ready", f"{self.ready:.0f} ms"
        yield "  only unpacked: the overview", f"{self.unpacked:.0f} ms, ratio {self.ready / self.unpacked:.2f}"
        yield (
            "  only unpacked: with the patterns",
            f"{self.unpacked_all:.0f} ms, ratio {self.ready / self.unpacked_all:.2f}",
        )
        for name, times in (("frame", self.frame), ("hover", self.hover), ("search", self.search)):
            yield name, str(times)
        yield "heap", f"{self.heap / 1e6:.0f} MB"


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start Chromium without a GPU."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - of an extra

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        yield browser
        browser.close()


def blocks_of(page: str) -> dict[str, Any]:
    """Return the unpacked blocks of a page."""
    return {name: unpack(text) for name, text in _BLOCK.findall(page)}


def enlarged(blocks: Mapping[str, Any], copies: int, findings: int = 1) -> dict[str, Any]:
    """Return the blocks of a library with the patterns and links of another one several times.

    Args:
        blocks: the blocks of a page.
        copies: the number of copies.
        findings: how often each copy has each finding.
    """
    overview, library = dict(blocks["overview"]), dict(blocks["library"])
    patterns, links = library["patterns"], library["links"]
    size, missing = len(patterns["title"]), len(library["missing"])
    folders = patterns["folder"]
    numbers = range(copies)
    library["patterns"] = {
        **{name: _repeated(column, copies) for name, column in patterns.items()},
        "folder": {
            "texts": [f"{number:03}/{text}" for number in numbers for text in folders["texts"]],
            "values": [number * len(folders["texts"]) + value for number in numbers for value in folders["values"]],
        },
        "title": [f"{title} {number}" if number else title for number in numbers for title in patterns["title"]],
        "slug": [
            f"{slug or file.rpartition('.')[0]}-{number}" if number else slug
            for number in numbers
            for slug, file in zip(patterns["slug"], patterns["file"], strict=True)
        ],
        "dimensions": patterns["dimensions"],
        "scores": [column * copies for column in patterns["scores"]],
    }
    sources = _sums(links["source"])
    library["links"] = {
        **{name: _repeated(column, copies) for name, column in links.items()},
        "source": _deltas([source + number * size for number in numbers for source in sources]),
        "target": [
            target and (target + number * size if target >= 0 else target - number * missing)
            for number in numbers
            for target in links["target"]
        ],
    }
    library["missing"] = [f"{name}-{number}" if number else name for number in numbers for name in library["missing"]]
    found = dict(blocks["findings"])
    files = _sums(found["file"])
    copied = [file + number * size for number in numbers for file in files for _ in range(findings)]
    order = [at for _ in numbers for at in range(len(files)) for _ in range(findings)]
    for name, column in blocks["findings"].items():
        if len(column) == len(files) and not (column and isinstance(column[0], str)):
            found[name] = [column[at] for at in order]
    found["file"] = _deltas([min(file, copies * size + len(found["others"]) - 1) for file in copied])
    texts = {name: column if name == "readers" else column * copies for name, column in blocks["texts"].items()}
    times = copies * findings
    library["causes"] = [[*one[:5], one[5] * times, one[6] * copies, *one[7:]] for one in library["causes"]]
    overview["counts"] = {
        name: count if name == "causes" else count * copies for name, count in overview["counts"].items()
    }
    overview["total"] *= times
    return {"overview": overview, "library": library, "findings": found, "texts": texts}


def _repeated(column: Any, copies: int) -> Any:
    return {**column, "values": column["values"] * copies} if isinstance(column, dict) else column * copies


def _sums(values: Sequence[int]) -> list[int]:
    total = 0
    return [total := total + value for value in values]


def _deltas(values: Sequence[int]) -> list[int]:
    return [value - last for value, last in zip(values, [0, *values], strict=False)]


def measure(browser: Browser, page: str, folder: Path) -> PageFigures:
    """Return the figures of a page.

    Args:
        browser: the browser.
        page: the text of the page.
        folder: where files can be written.
    """
    path = folder / "report.html"
    path.write_text(page, encoding="utf-8")
    script = page[page.index("<script>") + len("<script>") : page.index("</script>", page.index("<script>"))]
    references = []
    for name, ids in (("overview", ["overview"]), ("library", ["overview", "library"])):
        reference = folder / f"{name}.html"
        own = UNPACKED % json.dumps(ids)
        text = page.replace(script, "").replace("Content-Security-Policy", "X-Policy")
        at = "<script></script>" if len(ids) == 1 else "</body>"
        reference.write_text(text.replace(at, f"<script>{own}</script>{at}", 1), encoding="utf-8")
        references.append(reference)
    times: dict[Path, list[float]] = {path: [], **{one: [] for one in references}}
    for _ in range(_ROUNDS):
        for one, found in times.items():
            found.append(_ready(browser, one))
    ready, unpacked, unpacked_all = (median(found) for found in times.values())
    with browser.new_context(viewport={"width": 1280, "height": 860}) as context:
        shown = context.new_page()
        session = context.new_cdp_session(shown)
        session.send("Performance.setTimeDomain", {"timeDomain": "threadTicks"})
        session.send("Performance.enable")
        _show(shown, path, "overview")
        _show(shown, path, "map")
        shown.wait_for_timeout(500)
        frame = _timed(shown, session, _ZOOM)
        hover = _timed(shown, session, _HOVER)
        _show(shown, path, "patterns")
        _show(shown, path, "findings")
        shown.wait_for_timeout(500)
        search = _timed(shown, session, _SEARCH)
        heap = _heap(session)
    return PageFigures(len(page.encode()), ready, unpacked, unpacked_all, frame, hover, search, heap)


def _ready(browser: Browser, path: Path) -> float:
    with browser.new_context(viewport={"width": 1280, "height": 860}) as context:
        page = context.new_page()
        page.goto(path.as_uri(), wait_until="commit")
        page.wait_for_selector("html[data-ready]", state="attached", timeout=120_000)
        return float(page.get_attribute("html", "data-ready") or 0)


def _show(page: Page, path: Path, name: str) -> None:
    page.goto(f"{path.as_uri()}#{name}")
    page.wait_for_selector(f"html[data-ready][data-page={name}]", state="attached", timeout=120_000)


def _timed(page: Page, session: CDPSession, script: str) -> Times:
    before = _script_time(session)
    times = page.evaluate(script)
    return Times(times, 1000 * (_script_time(session) - before) / len(times))


def _script_time(session: CDPSession) -> float:
    """Return the processor time of scripts so far, in seconds."""
    metrics = session.send("Performance.getMetrics")["metrics"]
    return float(next(one["value"] for one in metrics if one["name"] == "ScriptDuration"))


def _heap(session: CDPSession) -> int:
    session.send("HeapProfiler.collectGarbage")
    usage = session.send("Runtime.getHeapUsage")
    return int(usage["usedSize"] + usage.get("backingStorageSize", 0))


_ZOOM = """
async () => {
  const canvas = document.querySelector("canvas.map"), box = canvas.getBoundingClientRect(), times = [];
  const place = {clientX: box.left + box.width * 0.6, clientY: box.top + box.height * 0.4, bubbles: true, cancelable: true};
  for (let i = 0; i < 30; i++) {
    canvas.dispatchEvent(new WheelEvent("wheel", {...place, deltaY: i < 15 ? -60 : 60}));
    await new Promise(requestAnimationFrame);
    await new Promise((resolve) => setTimeout(resolve));
    times.push(Number(canvas.dataset.frame));
  }
  return times;
}
"""

_HOVER = """
async () => {
  const canvas = document.querySelector("canvas.map"), box = canvas.getBoundingClientRect(), times = [];
  for (let i = 0; i < 60; i++) {
    const radius = 4 + i * 4, angle = i * 2.4;
    const place = {clientX: box.left + box.width / 2 + radius * Math.cos(angle), clientY: box.top + box.height / 2 + radius * Math.sin(angle)};
    delete canvas.dataset.frame;
    const began = performance.now();
    canvas.dispatchEvent(new PointerEvent("pointermove", {...place, bubbles: true}));
    const took = performance.now() - began;
    await new Promise(requestAnimationFrame);
    await new Promise((resolve) => setTimeout(resolve));
    times.push(took + Number(canvas.dataset.frame ?? 0));
  }
  return times;
}
"""

_SEARCH = """
async () => {
  const input = document.querySelector(".toolbar input"), times = [];
  for (const text of ["e", "en", "ena", "enab", "missing", "a", "learn", "zzz", "", "link"]) {
    input.value = text;
    const began = performance.now();
    input.dispatchEvent(new Event("input"));
    times.push(performance.now() - began);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return times;
}
"""


def enlarged_page(page: str, copies: int, findings: int = 1) -> str:
    """Return a page with the patterns, links and findings of another one several times."""
    title = _TITLE.search(page)
    return html_of_blocks(enlarged(blocks_of(page), copies, findings), title[1] if title else "", "")


def main() -> None:
    """Measure the page of a report, and print the figures."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("report", type=Path)
    parser.add_argument("--copies", type=int, default=1)
    options = parser.parse_args()
    page = options.report.read_text(encoding="utf-8")
    if options.copies > 1:
        page = enlarged_page(page, options.copies)
    with TemporaryDirectory() as folder, chromium() as browser:
        for title, text in measure(browser, page, Path(folder)).rows():
            sys.stdout.write(f"{title:<36}{text}\n")


if __name__ == "__main__":
    main()
