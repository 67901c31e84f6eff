"""Random changes of a library, its configuration and its own rules."""

from __future__ import annotations

import os
import random
import shutil
from pathlib import Path

OWN_RULE = '''
from collections.abc import Iterator

from patternlint.rule import Diagnostic, Example, Pattern, Rule, Severity

class NoWord(Rule):
    """A title lacks a word."""

    name = "{name}"
    severity = Severity.WARNING
    why = "A title with this word is a mistake."
    bad = (Example("title: «{word}»\\n"),)
    good = (Example("title: no\\n"),)

    def check(self, pattern: Pattern) -> Iterator[Diagnostic]:
        title = pattern.get("title")
        if title is not None and "{word}" in str(title.value):
            yield self.at(pattern, title.span, "{message}", route=("title",))
'''


def patterns(library: Path) -> list[Path]:
    return sorted(path for path in library.rglob("*.md"))


class Editor:
    """Changes a library, its config and its own rules at random. The number of files does not fall below `least`."""

    least = 30

    def __init__(self, library: Path, seed: int) -> None:
        self.library = library
        self.random = random.Random(seed)  # noqa: S311 - no secret
        self.number = 0

    def step(self) -> str:
        what = self.random.choice([
            self.edit, self.edit, self.same_size, self.same_size, self.rename, self.delete, self.swap, self.copy,
            self.config, self.own_rule, self.restore_old, self.touch, self.jump, self.spoil, self.other_file, self.move_folder,
            self.text_links, self.text_links,
        ])  # fmt: skip
        what()
        return what.__name__

    def pick(self) -> Path:
        return self.random.choice(patterns(self.library))

    def edit(self) -> None:
        path = self.pick()
        data = path.read_bytes()
        change = self.random.choice([
            (b"weight: 0.", b"weight: 1."), (b"status: ", b"status: x"), (b"slug: ", b"slug: z"),
            (b"version: ", b"verzion: "), (b"overall_score: ", b"overall_score: 1"), (b"requires:", b"requires: []\n  r:"),
            (b"# ", b"# patternlint: ignore-file[dangling-target]\n# "), (b"title: ", b"title: 1"),
        ])  # fmt: skip
        path.write_bytes(data.replace(*change, self.random.choice([1, -1])))

    def same_size(self) -> None:
        """Change letters in place, and put the time of the last change back, as some tools do."""
        path = self.pick()
        info = path.stat()
        data = path.read_bytes()
        old = self.random.choice([b"slug: ", b"title: ", b"status: ", b"domain: "])
        at = data.find(old) + len(old) + 1
        with path.open("r+b") as file:
            file.seek(at)
            file.write(self.random.choice([b"q", b"_", b"Q"]))
        os.utime(path, ns=(info.st_atime_ns, info.st_mtime_ns))

    def restore_old(self) -> None:
        """Bring the content of another file, with its times, under the name of a file."""
        one, other = self.pick(), self.pick()
        if one != other:
            shutil.copy2(one, other)

    def touch(self) -> None:
        self.pick().touch()

    def jump(self) -> None:
        """Set the time of a file as a clock that is wrong does."""
        hours = self.random.choice([-(10**6), -1, 1, 10**4])
        path = self.pick()
        now = path.stat().st_mtime
        os.utime(path, (now, max(now + hours * 3600, 0)))

    def rename(self) -> None:
        path = self.pick()
        self.number += 1
        path.rename(path.with_name(f"renamed-{self.number}.md"))

    def swap(self) -> None:
        one, other = self.pick(), self.pick()
        if one != other:
            between = one.with_suffix(".tmp")
            one.rename(between)
            other.rename(one)
            between.rename(other)

    def copy(self) -> None:
        self.number += 1
        path = self.pick()
        shutil.copy(path, path.with_name(f"copy-{self.number}.md"))

    def delete(self) -> None:
        if len(patterns(self.library)) > self.least:
            self.pick().unlink()

    def spoil(self) -> None:
        path = self.pick()
        path.write_bytes(self.random.choice([b"", b"---\nid: [\n---\n", b"\xff\xfe", path.read_bytes()[:300]]))

    def other_file(self) -> None:
        self.number += 1
        (self.library / f"page-{self.number}.md").write_text("# A page\n", encoding="utf-8")

    def text_links(self) -> None:
        """Append links in all forms, to files that are there or not, below the text of a file."""
        path, other = self.pick(), self.pick()
        names = (
            other.stem,
            other.stem[:-1],
            f"copy-{self.number}",
            f"folder-{self.random.randrange(3)}",
            "https.www.x",
        )
        name = self.random.choice(names)
        relative = os.path.relpath(other, path.parent)
        links = (
            f"[a]({relative})",
            f"[a](../{relative})",
            f"[a](./{name}.md#b)",
            f"[a]({name})",
            f"[[{name}]]",
            f"[[{name}|a]]",
        )
        with path.open("a", encoding="utf-8") as file:
            file.write(f"\n{self.random.choice(links)}\n")

    def move_folder(self) -> None:
        self.number += 1
        target = self.library / f"folder-{self.random.randrange(3)}"
        target.mkdir(exist_ok=True)
        path = self.pick()
        path.rename(target / f"moved-{self.number}.md")

    def config(self) -> None:
        lines = self.random.choice([
            "", "pedantic = true", 'ignore = ["dangling-target"]', 'per-file-ignores = { "folder-0/**" = ["relationships"] }',
            'levels = { "slug-filename" = "warning" }', "options = { section-length = { tolerance = 0.5 } }\npedantic = true",
            'exclude = ["folder-1"]', 'spec = "8.2"', 'patterns = ["*.md"]', "limits = { file-size = 3000 }",
            'patterns = ["folder-2/**"]\nspec = "7.1"',
        ])  # fmt: skip
        rules = 'rules = ["own"]\n' if (self.library / "own").is_dir() else ""
        (self.library / "patternlint.toml").write_text(f"{rules}{lines}\n", encoding="utf-8")

    def own_rule(self) -> None:
        """Change the code of an own rule, often within one second and without changing its size."""
        folder = self.library / "own"
        folder.mkdir(exist_ok=True)
        word = self.random.choice(["a", "e", "o", "u"])
        code = OWN_RULE.format(name="no-word", word=word, message=f"there is a `{word}`")
        (folder / "no_word.py").write_text(code, encoding="utf-8")
        config = self.library / "patternlint.toml"
        if "rules" not in config.read_text(encoding="utf-8"):
            config.write_text(f'rules = ["own"]\n{config.read_text(encoding="utf-8")}', encoding="utf-8")
