"""Nothing comes out of the air: time, dice, environment and state are passed in."""

import ast
import re
from collections.abc import Iterator, Sequence
from typing import TypeGuard

from tools.house_rules.source import Rule, Source, calls, dotted, functions, in_package

CLOCKS = frozenset(
    {
        "asyncio.sleep",
        "datetime.now",
        "datetime.utcnow",
        "datetime.today",
        "datetime.datetime.now",
        "datetime.datetime.utcnow",
        "date.today",
        "uuid1",
        "uuid4",
        "uuid.uuid1",
        "uuid.uuid4",
        "os.urandom",
    }
)
DICE_AND_TIME = frozenset({"time", "random", "secrets"})
_SECRET_SAFE = frozenset({"secrets.compare_digest"})  # compares, draws nothing


def _clocks(source: Source) -> Iterator[tuple[int, str]]:
    """Tests turn the clock by hand and replay dice from a seed: they need to own both."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.ImportFrom) and node.module in DICE_AND_TIME:
            yield node.lineno, "take a `Clock` or `Ids` as an argument"
        elif isinstance(node, ast.Call) and _is_ambient(dotted(node.func)):
            yield node.lineno, f"take a `Clock` or `Ids` as an argument instead of {_name(node)}"


def _name(call: ast.Call) -> str:
    return f"`{dotted(call.func)}`"


def _is_ambient(name: str) -> bool:
    module, _, function = name.partition(".")
    drawn = module in DICE_AND_TIME and bool(function) and name not in _SECRET_SAFE
    return drawn or name in CLOCKS


def _environment(source: Source) -> Iterator[tuple[int, str]]:
    """Settings are read once, validated, and passed on: two nodes fit in one process."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Attribute) and dotted(node) in ("os.environ", "os.environb"):
            yield node.lineno, "take a setting as an argument; `core.config` reads the environment"
        if isinstance(node, ast.Call) and dotted(node.func) in ("os.getenv", "getenv"):
            yield node.lineno, "take a setting as an argument; `core.config` reads the environment"


CONSTANT = re.compile(r"_*[A-Z][A-Z0-9_]*")
TYPE_NAME = re.compile(r"_?[A-Z]\w*")
# Called at import time without an effect, for names that need not shout.
TOOLS = re.compile(
    r"structlog(\.stdlib)?\.get_logger|logging\.getLogger|re\.compile|click\.(option|argument)"
    r"|msgspec\.(json\.)?(De|En)coder(\[.*\])?"
)
# Made to be changed: no name makes a constant of them.
VESSELS = frozenset(
    {
        "dict", "list", "set", "bytearray", "defaultdict", "deque", "Counter", "OrderedDict",
        "WeakSet", "WeakKeyDictionary", "WeakValueDictionary", "count", "ContextVar", "Lock",
        "Event", "Queue", "Semaphore", "Condition",
    }
)  # fmt: skip
CHANGES = frozenset(
    {
        "append", "appendleft", "add", "clear", "discard", "extend", "insert", "pop", "popleft",
        "remove", "setdefault", "update",
    }
)  # fmt: skip
STATE = "give this state an owner, an object that `main` makes and passes on"


def _singletons(source: Source) -> Iterator[tuple[int, str]]:
    """State of a module is state of the process: a second node in it, or the next test, finds what
    the first one left."""
    names: set[str] = set()
    for node in source.tree.body:
        for name, value in _assignment(node):
            names.add(name)
            if _is_state(name, value):
                yield node.lineno, f"`{name}` can change: {STATE}"
    for function in functions(source.tree):
        yield from _changed(function, names)


def _assignment(node: ast.stmt) -> Iterator[tuple[str, ast.expr]]:
    targets = node.targets if isinstance(node, ast.Assign) else []
    if isinstance(node, ast.AnnAssign):
        targets = [node.target]
    value = getattr(node, "value", None)
    for target in targets:
        if isinstance(target, ast.Name) and isinstance(value, ast.expr):
            yield target.id, value


def _is_state(name: str, value: ast.expr) -> bool:
    if name.startswith("__"):
        return False  # __all__
    if isinstance(value, ast.Call):
        called = ast.unparse(value.func)
        if called.rpartition(".")[2].partition("[")[0] in VESSELS:
            return not (CONSTANT.fullmatch(name) and value.args)
        return not (TYPE_NAME.fullmatch(name) or TOOLS.fullmatch(called))
    if isinstance(value, ast.List | ast.Set | ast.Dict):
        filled = bool(value.keys if isinstance(value, ast.Dict) else value.elts)
        return not (CONSTANT.fullmatch(name) and filled)
    return isinstance(value, ast.ListComp | ast.SetComp | ast.DictComp) and not CONSTANT.fullmatch(
        name
    )


def _changed(function: ast.AST, names: set[str]) -> Iterator[tuple[int, str]]:
    local = _own_names(function)
    for node in ast.walk(function):
        if isinstance(node, ast.Global):
            yield node.lineno, f"no `global`: {STATE}"
        if _is_changed_item(node) and dotted(node.value) in names - local:
            yield node.lineno, f"`{dotted(node.value)}` belongs to the module: {STATE}"
    for call in calls(function):
        on, _, change = dotted(call.func).rpartition(".")
        if change in CHANGES and on in names - local:
            yield call.lineno, f"`{on}` belongs to the module: {STATE}"


def _is_changed_item(node: ast.AST) -> TypeGuard[ast.Subscript]:
    return isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store | ast.Del)


def _own_names(function: ast.AST) -> set[str]:
    """Names a function binds itself: arguments and what it assigns."""
    bound = {node.arg for node in ast.walk(function) if isinstance(node, ast.arg)}
    stored = {
        node.id
        for node in ast.walk(function)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    }
    return bound | stored


RULES: Sequence[Rule] = [
    Rule(
        "clock-as-argument",
        in_package,
        _clocks,
        exceptions={
            "core/clock.py": "the clock itself",
            "core/ids.py": "the dice themselves",
            "core/gateway/": "stands alone, with heartbeats and socket ids of its own",
            "core/config/": "makes the server's secret, once, before anybody could hand it dice",
            "core/migrate.py": "runs in a thread before there is a server, and waits for locks",
            "core/passwords.py": "a password that nobody knows, to check unknown names against",
            "core/postgres/": "waits for another process, in real time",
        },
    ),
    Rule(
        "environment-once",
        in_package,
        _environment,
        exceptions={
            "cli/": "an entrance",
            "main/": "an entrance",
            "core/config/": "reads it for them",
        },
    ),
    Rule("no-singletons", in_package, _singletons, exceptions={}),
]
