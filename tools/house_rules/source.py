"""What every rule works on: a file with its syntax tree; and what it says: a finding."""

import ast
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

PACKAGE = "src/tertulia/"
Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Finding:
    path: str
    line: int
    rule: str
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line} {self.rule} {self.message}"


@dataclass(frozen=True)
class Source:
    """`path` is relative to the root of the repository, with forward slashes. `packaged`: its
    folder has an `__init__.py`."""

    path: str
    text: str
    tree: ast.Module
    packaged: bool

    @property
    def inside(self) -> str | None:
        """The path inside the package; None for tests and tools."""
        return self.path.removeprefix(PACKAGE) if self.path.startswith(PACKAGE) else None

    @property
    def feature(self) -> str | None:
        parts = (self.inside or "").split("/")
        return parts[1] if len(parts) >= 3 and parts[0] == "features" else None

    @property
    def room(self) -> str | None:
        """Where in its feature this stands, `store` or `service`: a file, or the package that took
        the place of one that grew. None outside the features."""
        if self.feature is None:
            return None
        return (self.inside or "").split("/")[2].removesuffix(".py")


Where = Callable[[Source], bool]
Check = Callable[[Source], Iterable[tuple[int, str]]]


@dataclass(frozen=True)
class Rule:
    """`look` yields (line, what to do instead). `exceptions` are path prefixes inside the package,
    each with its reason."""

    name: str
    where: Where
    look: Check
    exceptions: Mapping[str, str]

    def applies(self, source: Source) -> bool:
        inside = source.inside
        excepted = inside is not None and inside.startswith(tuple(self.exceptions))
        return self.where(source) and not excepted

    def check(self, source: Source) -> Iterator[Finding]:
        for line, message in self.look(source):
            yield Finding(source.path, line, self.name, message)


def read(root: Path, path: Path) -> Source:
    text = path.read_text(encoding="utf-8")
    packaged = (path.parent / "__init__.py").exists()
    return Source(path.relative_to(root).as_posix(), text, ast.parse(text, str(path)), packaged)


def everywhere(source: Source) -> bool:
    del source
    return True


def in_package(source: Source) -> bool:
    return source.inside is not None


def in_features(source: Source) -> bool:
    return source.feature is not None


def functions(tree: ast.AST) -> Iterator[Function]:
    for node in ast.walk(tree):
        if isinstance(node, Function):
            yield node


def public_verbs(source: Source) -> Iterator[ast.AsyncFunctionDef]:
    """Public async functions of a module: in a `service.py` its verbs."""
    for node in source.tree.body:
        if isinstance(node, ast.AsyncFunctionDef) and not node.name.startswith("_"):
            yield node


def calls(tree: ast.AST) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield node


def dotted(node: ast.AST) -> str:
    """`asyncio.sleep` for that expression, and `?.sleep` for what is no plain chain of names."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    return "?"
