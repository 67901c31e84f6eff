"""Names and sentences use the terms of the field, and American spelling."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Container, Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path

from tests.support.command import ROOT

CODE = ("patternlint", "rules", "tools", "benchmarks", "fuzz", "tests")
PAGES = (
    *("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "docs", "action.yml", ".pre-commit-hooks.yaml", ".ci/run"),
    *("examples/library/README.md", "examples/own-spec/README.md", "examples/plugin/README.md", "mkdocs.yml"),
    *(f"examples/specs/{name}/README.md" for name in ("eip", "innersource", "madr")),
)

NAMES = frozenset(
    (
        "across",
        "asked",
        "blanks",
        "circle",
        "circles",
        "crash",
        "crew",
        "directive",
        "directives",
        "drawer",
        "gone",
        "heard",
        "idle",
        "kin",
        "knot",
        "knowledge",
        "knows",
        "learn",
        "learned",
        "learner",
        "looked",
        "looking",
        "mend",
        "mended",
        "mends",
        "owed",
        "said",
        "saying",
        "scene",
        "seen",
        "shelf",
        "shelves",
        "slip",
        "slips",
        "speak",
        "speaking",
        "spoken",
        "tally",
        "taught",
        "teach",
        "teachings",
        "told",
        "trouble",
        "troubles",
        "twice",
        "unanswered",
        "wanted",
    )
)
"""Words that names do not contain, between underscores or capitals."""

PHRASES = re.compile(
    r"\b(?:mend(?:s|ed|ing)?|(?:speaks?|spoke|spoken|speaking) (?:of|about)|says? so|said so|says nothing|"
    r"look(?:s|ed|ing)? (?:at|again|around)|teach(?:es)?|taught|knows?|kin|blanks|twice|directives?|trouble|"
    r"there (?:is|are|was|were) (?:no|none|nothing)|(?:that|than|what) there (?:is|are|was|were)|as (?:it|they) (?:is|are|was|were)|"
    r"(?:is|are|was) no (?!longer\b|more\b|less\b)\w+|what (?:is|was) (?:said|told|known)|in turn)\b",
    re.IGNORECASE,
)
"""Words and phrases that sentences do not contain: docstrings, comments, messages and pages."""

BRITISH = re.compile(
    r"(?:artefact|behaviour|catalogue|colour|defence|favour(?!ite)|fulfil\b|grey|honour|judgement|learnt|licence|misspelt|"
    r"neighbour|programme\b|spelt\b|spoilt|whilst|\bcentre|\bmetre|analys(?:e[ds]?|ing)\b|(?:cancel|label|model|travel)l(?:ed|ing)\b|"
    r"(?:author|categor|character|custom|final|general|initial|local|minim|maxim|neutral|normal|optim|organ|priorit|"
    r"recogn|serial|special|standard|summar|synchron|token|util|visual)is(?:e[drs]?|ing|ation)\b)",
    re.IGNORECASE,
)
"""British spellings, in names and sentences. `analyses` is allowed as a plural."""

EXCEPTIONS = frozenset(
    (
        "patternlint/cli/commands/migrate.py: normalise",  # both spellings of a flag
        "docs/reference/command-line.md: normalise",
        "action.yml: cancelled",  # a function of GitHub
        "patternlint/document/identifiers.py: licence",  # a file name
        "patternlint/parser/yaml/errors.py: directive",  # a message of libyaml
    )
)
"""Names and sentences that need such a word, as `path: word`."""


def test_names_contain_no_word_of_the_list() -> None:
    found = [
        f"{_relative(path)}:{line}: {name}"
        for path in _modules()
        for line, name in _texts(path)[0]
        if (NAMES & _words(name) or _british(name)) and f"{_relative(path)}: {name}" not in EXCEPTIONS
    ]
    assert not found, "\n".join(found)


def test_sentences_contain_no_phrase_of_the_list() -> None:
    found = [
        f"{_relative(path)}:{line}: {phrase}"
        for path in (*_modules(), *_pages())
        for line, text in _sentences(path)
        for phrase in (*(match[0] for match in PHRASES.finditer(text)), *_british(text))
        if f"{_relative(path)}: {phrase}" not in EXCEPTIONS
    ]
    assert not found, "\n".join(found)


def _relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def _british(text: str) -> list[str]:
    return [match[0] for match in BRITISH.finditer(text) if match[0].lower() != "analyses"]


def _modules() -> list[Path]:
    """Return the modules of the project except this one."""
    return [path for folder in CODE for path in sorted((ROOT / folder).rglob("*.py")) if path != Path(__file__)]


def _pages() -> Iterator[Path]:
    for name in PAGES:
        path = ROOT / name
        yield from sorted(path.rglob("*.md")) if path.is_dir() else [path]


def _words(name: str) -> set[str]:
    return {word.lower() for word in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+", name)}


@cache
def _texts(path: Path) -> tuple[Sequence[tuple[int, str]], Sequence[tuple[int, str]]]:
    """Return the names and the sentences of a module, with their lines. A module is parsed once for both tests."""
    text = path.read_text(encoding="utf-8")
    nodes = list(ast.walk(ast.parse(text)))
    data = set(map(id, _data(nodes, is_test=path.is_relative_to(ROOT / "tests"))))
    names = [(1, path.stem), *_names(nodes)]
    return names, [*_comments(text), *_strings(nodes, data)]


def _names(nodes: Iterable[ast.AST]) -> Iterator[tuple[int, str]]:
    """Yield the names that are defined, with their lines: classes, functions, arguments, variables, fields."""
    for node in nodes:
        match node:
            case ast.ClassDef() | ast.FunctionDef():
                yield node.lineno, node.name
            case ast.arg():
                yield node.lineno, node.arg
            case ast.Name(ctx=ast.Store()):
                yield node.lineno, node.id
            case ast.Attribute(ctx=ast.Store()):
                yield node.lineno, node.attr


def _sentences(path: Path) -> Iterable[tuple[int, str]]:
    """Return the text that people read in a file, with its line: pages without code, comments, strings."""
    if path.suffix == ".py":
        return _texts(path)[1]
    return enumerate(_without_code(path.read_text(encoding="utf-8")).split("\n"), start=1)


def _comments(text: str) -> Iterator[tuple[int, str]]:
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT:
            yield token.start[0], _without_code(token.string)


def _strings(nodes: Iterable[ast.AST], data: Container[int]) -> Iterator[tuple[int, str]]:
    for node in nodes:
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in data:
            yield node.lineno, " ".join(_without_code(node.value).split())


def _without_code(text: str) -> str:
    code = re.compile(r"^ *(```|~~~).*?^ *\1|`[^`\n]+`|<[^<>\n]+>|\]\([^)\s]+\)", re.DOTALL | re.MULTILINE)
    return code.sub(lambda match: "``" + "\n" * match[0].count("\n"), text)


def _data(nodes: Sequence[ast.AST], *, is_test: bool) -> Iterator[ast.AST]:
    """Yield the strings that are not sentences: examples of rules, and in tests all strings except docstrings."""
    docstrings = set(map(id, _docstrings(nodes)))
    for node in nodes:
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Example":
            yield from ast.walk(node)
        if is_test and isinstance(node, ast.Constant) and id(node) not in docstrings:
            yield node


def _docstrings(nodes: Iterable[ast.AST]) -> Iterator[ast.Constant]:
    for node in nodes:
        match node:
            case (
                ast.Module(body=[ast.Expr(ast.Constant() as text), *_])
                | ast.ClassDef(body=[ast.Expr(ast.Constant() as text), *_])
                | ast.FunctionDef(body=[ast.Expr(ast.Constant() as text), *_])
            ):
                yield text
