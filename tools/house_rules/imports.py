"""Where imports stand."""

import ast
from collections.abc import Iterator, Sequence

from tools.house_rules.source import Rule, Source, everywhere, functions, in_package


def _inside_functions(source: Source) -> Iterator[tuple[int, str]]:
    """An import inside a function hides a cycle: two modules that want each other are one, or hide
    a third."""
    for function in functions(source.tree):
        for node in ast.walk(function):
            if isinstance(node, ast.Import | ast.ImportFrom):
                yield node.lineno, "move the import to the top; if that is a cycle, break it there"


def _is_gateway(source: Source) -> bool:
    return (source.inside or "").startswith("core/gateway/")


def _from_outside(source: Source) -> Iterator[tuple[int, str]]:
    """The gateway is a Socket.IO server for anybody: it can be published alone."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Import | ast.ImportFrom) and _leaves(node):
            yield node.lineno, "the gateway knows nothing of ours: pass it in at `main`"


def _leaves(node: ast.Import | ast.ImportFrom) -> bool:
    if isinstance(node, ast.Import):
        return any(_is_ours(alias.name) for alias in node.names)
    return node.level > 1 or (node.level == 0 and _is_ours(node.module or ""))


def _is_ours(name: str) -> bool:
    return name.split(".", maxsplit=1)[0] == "tertulia"


def _outside_packages(source: Source) -> Iterator[tuple[int, str]]:
    """import-linter does not see folders without `__init__.py`: no contract would bind them."""
    if not source.packaged:
        yield 1, "give the folder an `__init__.py` that says what it is for"


RULES: Sequence[Rule] = [
    Rule("imports-on-top", everywhere, _inside_functions, exceptions={}),
    Rule("gateway-alone", _is_gateway, _from_outside, exceptions={}),
    Rule("folders-are-packages", in_package, _outside_packages, exceptions={}),
]
