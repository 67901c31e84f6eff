"""Run the examples of rules, built-in or not, as tests.

A bad example must be reported exactly at its marks, and a good one not at all. A fix must be shown by an example, produce
its `fixed` text, change only what it declares, solve the problem, and change nothing when applied again.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory

from msgspec.structs import replace

from patternlint.diagnostics.diagnostic import Diagnostic
from patternlint.diagnostics.fix import Safety
from patternlint.fixer.apply import fix_files
from patternlint.fixer.verify import rejection_reason
from patternlint.library.entry import Entry, build_entry
from patternlint.library.library import Former, Library
from patternlint.linter.linter import Linter
from patternlint.linter.registry import Registry, RuleInfo
from patternlint.linter.selection import select
from patternlint.linter.suppressions import added_suppressions
from patternlint.parser.parser import FileKind, ParsedFile, parse
from patternlint.project.files import NO_STAMP, FileRef
from patternlint.rule.example import Example
from patternlint.rule.internal import FixRefusal, InternalErrorRule
from patternlint.run.rename import RenameWorkspace, with_references
from patternlint.source import Source, Span
from patternlint.spec.loader import load_spec, load_specs
from patternlint.spec.model import SpecRegistry

_MARK = re.compile("[«»]")


def check_examples(info: RuleInfo, registry: Registry, specs: SpecRegistry) -> Iterator[str]:
    """Yield a message for each failure of the examples of a rule."""
    rule = info.rule
    for number, example in enumerate(rule.bad, 1):
        for failure in check_bad(info, example, registry, specs):
            yield f"{rule.name}, bad example {number}: {failure}"
    for number, example in enumerate(rule.good, 1):
        for failure in check_good(info, example, registry, specs):
            yield f"{rule.name}, good example {number}: {failure}"


def check_bad(info: RuleInfo, example: Example, registry: Registry, specs: SpecRegistry) -> Iterator[str]:
    """Yield the failures of a bad example: spans, messages and fixes."""
    files, marks = unmark(example)
    found = lint_example(info, example, files, registry, specs)
    places = sorted((finding.path, finding.span) for finding in found)
    expected = sorted((path, span) for path, spans in marks.items() for span in spans)
    exact = all(isinstance(text, str) for text in example.files.values()) and all(finding.path for finding in found)
    if exact and not expected:
        yield "no span is marked with «»"
    if not found:
        yield "the rule reports nothing"
    elif exact and places != expected:
        yield f"expected diagnostics at {_show(expected, files)}, got {_show(places, files)}"
    for finding in found:
        if finding.rule != info.name and not issubclass(info.rule, InternalErrorRule):
            yield f"unexpected diagnostic of {finding.rule}: {finding.message}"
        if finding.message[:1].isupper() and finding.message[1:2].islower():
            yield f"the message starts with a capital letter: {finding.message!r}"
        if finding.message.endswith("."):
            yield f"the message ends with a full stop: {finding.message!r}"
    yield from _check_fixes(info, example, files, found, registry, specs)


def check_good(info: RuleInfo, example: Example, registry: Registry, specs: SpecRegistry) -> Iterator[str]:
    """Yield the failures of a good example."""
    files, marks = unmark(example)
    if any(marks.values()):
        yield "a good example must not have marks"
    for finding in lint_example(info, example, files, registry, specs):
        yield f"the rule reports it: {finding.message} (line {finding.region.line})"


def _check_fixes(  # noqa: PLR0913, PLR0917 - an example and what it runs with
    info: RuleInfo,
    example: Example,
    files: Mapping[str, bytes],
    found: list[Diagnostic],
    registry: Registry,
    specs: SpecRegistry,
) -> Iterator[str]:
    fixable = any(finding.fix is not None for finding in found)
    if example.fixed is None:
        if fixable:
            yield "the rule has a fix, but the example has no `fixed`"
        return
    if not fixable:
        yield "the example has `fixed`, but the rule has no fix"
        return
    parsed = parse_example(example, files, specs)
    found = [_with_references(finding, parsed, specs) for finding in found]
    unsafe = any(finding.fix.safety is Safety.UNSAFE for finding in found if finding.fix is not None)
    if unsafe != example.unsafe:
        yield f"the fix is {'unsafe' if unsafe else 'safe'}, but the example has `unsafe={example.unsafe}`"
    expected = {path: data.decode() for path, data in files.items()}
    expected.update((path, _whole(text, raw=example.raw)) for path, text in example.fixed.items())
    fixed = _fix(info, example, files, registry, specs)
    texts = {path: data.decode() for path, data in fixed.items()}
    for path, text in expected.items():
        if texts[path] != text:
            yield f"{path} is fixed to\n{texts[path]}\ninstead of\n{text}"
    yield from _refusals(found, parsed, parse_example(example, fixed, specs))
    again = lint_example(info, example, fixed, registry, specs)
    if any(finding.fix is not None for finding in again):
        yield f"the fixed text still violates the rule: {again[0].message}"
    if _fix(info, example, fixed, registry, specs) != fixed:
        yield "applying the fix again changes the text"


def _refusals(
    found: list[Diagnostic], before: Mapping[str, ParsedFile], after: Mapping[str, ParsedFile]
) -> Iterator[str]:
    """Yield why a run would reject a fixed file, such as undeclared changes of data."""
    for path, one in before.items():
        changes = (
            (finding.path, change) for finding in found if finding.fix for change in finding.fix.declared_changes
        )
        declared = [change.route for home, change in changes if (change.path or home) == path]
        reason = rejection_reason(one, after[path], declared)
        if reason is not None:
            yield f"the fix of {path} would be rejected: {reason}"


def _fix(
    info: RuleInfo, example: Example, files: Mapping[str, bytes], registry: Registry, specs: SpecRegistry
) -> dict[str, bytes]:
    specs = _with_built_in(specs)
    parsed = parse_example(example, files, specs)
    findings = lint_example(info, example, files, registry, specs)
    return fix_files(parsed, [_with_references(finding, parsed, specs) for finding in findings if finding.fix])


def _with_references(finding: Diagnostic, parsed: Mapping[str, ParsedFile], specs: SpecRegistry) -> Diagnostic:
    """Return a diagnostic with the edits that its fix needs in other files of the example."""
    if finding.fix is None or not finding.fix.new_slug:
        return finding
    patterns = (one for one in parsed.values() if one.kind is FileKind.PATTERN)
    library = Library.build(map(build_entry, patterns), specs)
    refs = {path: FileRef(path, f"/{path}", True, True, True, NO_STAMP) for path in parsed}  # noqa: FBT003 - as a run makes them
    read = {path: one.source for path, one in parsed.items()}.get
    return with_references(finding, RenameWorkspace(library, refs, read, lambda source, _: parsed[source.path]))


def lint_example(
    info: RuleInfo, example: Example, files: Mapping[str, bytes], registry: Registry, specs: SpecRegistry
) -> list[Diagnostic]:
    """Return the diagnostics of one rule in the files of an example."""
    with _own_schema(example, _with_built_in(specs)) as own:
        return _lint(info, example, files, registry, own)


def _with_built_in(specs: SpecRegistry) -> SpecRegistry:
    """Return `specs` with all built-in specifications, which examples may follow even where a project has none of them."""
    built_in = load_specs()
    missing = [spec for version, spec in built_in.by_version.items() if version not in specs.by_version]
    return SpecRegistry((*missing, *specs.all)) if missing else specs


@contextmanager
def _own_schema(example: Example, specs: SpecRegistry) -> Iterator[SpecRegistry]:
    """Yield `specs` with the additions of the example, which are in a temporary folder while the context lasts."""
    if not example.schema and not example.settings:
        yield specs
        return
    with TemporaryDirectory() as name:
        folder = Path(name)
        version = json.dumps(example.spec)
        (folder / "spec.toml").write_text(
            f"version = {version}\nextends = {version}\n{example.settings}", encoding="utf-8"
        )
        for group, schema in example.schema.items():
            (folder / f"{group}.schema.json").write_text(json.dumps(schema), encoding="utf-8")
        yield SpecRegistry((*specs.all, load_spec(folder, specs.by_version)))


def _lint(
    info: RuleInfo, example: Example, files: Mapping[str, bytes], registry: Registry, specs: SpecRegistry
) -> list[Diagnostic]:
    checks = select(registry, specs, chosen=(info.name,), options={info.name: example.options})
    engine = Linter(checks)
    if issubclass(info.rule, InternalErrorRule):
        failures = [replace(info.rule.example_failure, path=path) for path in files if example in info.rule.bad]
        return list(chain.from_iterable(map(checks.report_failure, failures)))
    if checks.refusal_rule is not None and isinstance(checks.refusal_rule, info.rule):
        some = [Diagnostic(path, "some-rule", info.rule.severity, "") for path in files if example in info.rule.bad]
        return list(
            engine.report_refused_fixes(FixRefusal(one, "it would introduce a new finding `some-rule`") for one in some)
        )
    parsed = parse_example(example, files, specs)
    if checks.added_suppression_rule is not None and isinstance(checks.added_suppression_rule, info.rule):
        new = {path: one.suppressions for path, one in parsed.items() if example in info.rule.bad}
        added = chain.from_iterable(added_suppressions(path, some, Counter()) for path, some in new.items())
        return list(engine.report_added_suppressions(added))
    results = {path: engine.lint_file(one) for path, one in parsed.items()}
    cards = {path: result.card for path, result in results.items() if result.card is not None}
    entries = [result.entry for result in results.values() if result.entry is not None]
    library = Library.build(entries, specs, former=_former(example, entries, specs), load_cards=lambda _: cards)
    of_library = engine.lint_library(library, lambda _: frozenset())
    findings = [finding for finding in of_library if not finding.path]
    for path, result in results.items():
        finished, _ = engine.finalize(path, result.own, [finding for finding in of_library if finding.path == path])
        findings += finished
    return findings


def _former(example: Example, entries: Sequence[Entry], specs: SpecRegistry) -> Former:
    """Return what the files of an example have else before its change."""
    texts = {path: _whole(text, raw=example.raw).encode() for path, text in (example.before or {}).items()}
    parsed = parse_example(example, texts, specs)
    pairs = ((build_entry(parsed[entry.path]), entry) for entry in entries if entry.path in parsed)
    return Former.of(pairs, specs)


def parse_example(example: Example, files: Mapping[str, bytes], specs: SpecRegistry) -> dict[str, ParsedFile]:
    """Return the parsed files of an example; a file that names no specification follows that of the example."""
    specs = _with_built_in(specs)
    parsed: dict[str, ParsedFile] = {}
    for path, data in files.items():
        source = Source(path, data)
        one = parse(source, specs, named=not example.raw)
        if one.spec is None and example.spec and not example.raw:
            one = parse(source, specs, spec=specs.by_version[example.spec], named=True)
        parsed[path] = one
    return parsed


def unmark(example: Example) -> tuple[dict[str, bytes], dict[str, list[Span]]]:
    """Return the files of an example without marks, and the marked spans of each."""
    files: dict[str, bytes] = {}
    marks: dict[str, list[Span]] = {}
    for path, text in example.files.items():
        if isinstance(text, bytes):
            files[path], marks[path] = text, []
            continue
        whole = _whole(text, raw=example.raw)
        spans: list[Span] = []
        starts: list[int] = []
        for count, match in enumerate(_MARK.finditer(whole)):
            at = match.start() - count
            if match[0] == "«":
                starts.append(at)
            else:
                spans.append(Span(starts.pop(), at))
        files[path] = _MARK.sub("", whole).encode()
        marks[path] = spans
    return files, marks


def _whole(text: str, *, raw: bool) -> str:
    """Return the text of a file, with delimiters around bare front matter unless it is raw."""
    if raw:
        return text
    bare = _MARK.sub("", text)
    return text if bare.startswith(("---", "\ufeff")) else f"---\n{text}---\n"


def _show(places: list[tuple[str, Span]], files: Mapping[str, bytes]) -> str:
    shown = [
        f"{path}[{span.start}:{span.end}] {files[path].decode()[span.start : span.end]!r}"
        for path, span in places
        if path in files
    ]
    return ", ".join(shown) or "none"
