"""SQL: where it stands, what it is made of, and who may read what."""

import ast
import re
from collections.abc import Iterator, Mapping, Sequence

from tools.house_rules.source import Function, Rule, Source, calls, functions, in_features
from tools.house_rules.source import public_verbs as public_functions

CONSTANT = re.compile(r"_?[A-Z][A-Z0-9_]*")
STATEMENTS = frozenset(
    {"execute", "executemany", "fetch", "fetchrow", "fetchval", "prepare", "cursor"}
)

# Functions of messages/store that read content without a RoomAccess, and why they may.
OPEN: Mapping[str, str] = {
    "find_said": "an author's own messages, found by the client_id that only the author knows",
    "messages_by_id": "the event log, which gives a stream's events to those who may hear it",
}


def _outside_stores(source: Source) -> bool:
    return in_features(source) and source.room != "store"


def _statements(source: Source) -> Iterator[tuple[int, str]]:
    """Rows change their shape in private: whoever wants them asks a verb."""
    for call in calls(source.tree):
        if _is_statement(call):
            yield call.lineno, "move the SQL into this feature's `store`"


def _is_statement(call: ast.Call) -> bool:
    func = call.func
    if not (isinstance(func, ast.Attribute) and func.attr in STATEMENTS):
        return False
    on = func.value
    return (isinstance(on, ast.Attribute) and on.attr == "conn") or (
        isinstance(on, ast.Name) and on.id == "conn"
    )


def _is_store_or_core(source: Source) -> bool:
    inside = source.inside or ""
    return source.room == "store" or inside.startswith("core/")


def _composed(source: Source) -> Iterator[tuple[int, str]]:
    """A value inside a statement's text is an injection, sooner or later. Values are parameters
    ($1); only constants of the module (UPPER_CASE) may be interpolated."""
    module = _assigned(source.tree.body)
    for function in functions(source.tree):
        known = module | _assigned(list(ast.walk(function)))
        for call in calls(function):
            if _is_statement(call) and call.args and not _is_fixed(call.args[0], known, module):
                yield call.lineno, "pass values as parameters ($1); interpolate UPPER_CASE only"


def _assigned(nodes: Sequence[ast.AST]) -> dict[str, list[ast.expr]]:
    """Every value a name gets, by name."""
    found: dict[str, list[ast.expr]] = {}
    for node in nodes:
        if isinstance(node, ast.Assign):
            for target in node.targets:
                if isinstance(target, ast.Name):
                    found.setdefault(target.id, []).append(node.value)
        elif isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
            found.setdefault(node.target.id, []).append(node.value)
    return found


def _is_fixed(
    node: ast.expr, known: Mapping[str, list[ast.expr]], module: Mapping[str, list[ast.expr]]
) -> bool:
    """Is this text the same whatever anybody sends? `known` are the names of the function."""
    if isinstance(node, ast.Constant):
        return isinstance(node.value, str)
    if isinstance(node, ast.Name):
        if CONSTANT.fullmatch(node.id):
            return True
        values = known.get(node.id, [])
        return bool(values) and all(_is_fixed(value, module, module) for value in values)
    if isinstance(node, ast.JoinedStr):
        return all(_is_fixed_part(part) for part in node.values)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        return _is_fixed(node.left, known, module) and _is_fixed(node.right, known, module)
    if isinstance(node, ast.IfExp):  # a choice between two fixed texts
        return _is_fixed(node.body, known, module) and _is_fixed(node.orelse, known, module)
    return False


def _is_fixed_part(part: ast.expr) -> bool:
    if isinstance(part, ast.FormattedValue):
        name = part.value
        return isinstance(name, ast.Name) and bool(CONSTANT.fullmatch(name.id))
    return isinstance(part, ast.Constant)


def _is_messages_store(source: Source) -> bool:
    return source.feature == "messages" and source.room == "store"


def _without_access(source: Source) -> Iterator[tuple[int, str]]:
    """A forgotten permission check must not type-check: a `RoomAccess` is had only from
    `rooms.require`."""
    for function in public_functions(source):
        if function.name not in OPEN and _reads(function) and not _takes_access(function):
            yield function.lineno, f"`{function.name}` reads what was said: take a `RoomAccess`"


def _reads(function: Function) -> bool:
    returns = function.returns
    return not (isinstance(returns, ast.Constant) and returns.value is None)


def _takes_access(function: Function) -> bool:
    arguments = [*function.args.args, *function.args.kwonlyargs]
    return any("RoomAccess" in ast.unparse(a.annotation) for a in arguments if a.annotation)


RULES: Sequence[Rule] = [
    Rule("sql-in-store", _outside_stores, _statements, exceptions={}),
    Rule("sql-is-constant", _is_store_or_core, _composed, exceptions={}),
    Rule("access-to-read", _is_messages_store, _without_access, exceptions={}),
]
