from __future__ import annotations

import pytest

from patternlint.registry import Registry, RuleInfo, built_in
from patternlint.spec import load_specs
from patternlint.testing import check_examples

SPECS = load_specs()
REGISTRY = Registry(built_in())


@pytest.mark.parametrize("info", tuple(REGISTRY), ids=lambda info: info.name)
def test_examples_of_a_rule(info: RuleInfo) -> None:
    assert list(check_examples(info, REGISTRY, SPECS)) == []
