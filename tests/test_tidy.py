"""House rules as tests: what would otherwise be said again in every review.

Each message says the right way. Nothing here starts a service.
"""

import ast
import json
import re
import tomllib
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest
from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from server.kit import catalogues
from server.kit.errors import REFUSALS

ROOT = Path(__file__).resolve().parent.parent
FILE_LINES_MAX = 350
FUNCTION_LINES_MAX = 70
CODE = ("game", "server", "pwa/src", "pwa/styles", "pwa/templates", "migrations")
# What the rules may use: values and containers, nothing that asks the world or the clock.
PURE = {
    "__future__", "bisect", "collections", "collections.abc", "dataclasses", "datetime",
    "decimal", "enum", "fractions", "functools", "hashlib", "heapq", "hmac",
    "importlib.resources", "itertools", "json", "math", "msgspec", "operator", "re", "string",
    "tomllib", "types", "typing", "unicodedata", "zoneinfo",
}  # fmt: skip
IMPURE_CALLS = {"now", "utcnow", "today", "open", "print", "input"}
CONCURRENT = {"gather", "create_task", "ensure_future", "TaskGroup", "to_thread", "run_in_executor"}
# The one place that polls, phones that call again as phones do, and what measures over time.
MAY_SLEEP = (
    "tests/support/eventually.py",
    "tests/support/phones.py",
    "tests/bench/",
    "tests/soak/",
)


def files(*folders: str, ends: tuple[str, ...] = (".py",)) -> list[Path]:
    """Return the files below some folders, generated ones left out."""
    return sorted(
        path
        for folder in folders
        for path in (ROOT / folder).rglob("*")
        if path.suffix in ends and not {"node_modules", "__pycache__"} & set(path.parts)
    )


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def trees(*folders: str) -> Iterator[tuple[str, ast.Module]]:
    for path in files(*folders):
        yield name(path), parsed(path)


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


def places(
    folders: tuple[str, ...], kind: type[ast.AST], wrong: Callable[[ast.AST], bool]
) -> list[str]:
    """Return `file:line` of every node of a kind that is wrong."""
    return [
        f"{where}:{node.lineno}"
        for where, tree in trees(*folders)
        for node in ast.walk(tree)
        if isinstance(node, kind) and wrong(node)
    ]


def called(node: ast.AST) -> str:
    """Return the last word of what is called: `gather` of `asyncio.gather(…)`."""
    function = node.func if isinstance(node, ast.Call) else node
    return {ast.Name: "id", ast.Attribute: "attr"}.get(type(function), "") and (
        function.id if isinstance(function, ast.Name) else function.attr
    )


def imported(tree: ast.Module) -> Iterator[str]:
    """Yield the modules a file imports, with dots."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names)
        elif isinstance(node, ast.ImportFrom):
            module = node.module or ""
            whole = {f"{module}.{each.name}" for each in node.names} & PURE
            yield from whole or {module}


# --- size and leftovers ---------------------------------------------------------------------


def test_no_file_asks_for_a_second_noun() -> None:
    long = {
        name(path): lines
        for path in files(*CODE, ends=(".py", ".ts", ".tsx", ".css", ".html"))
        if (lines := len(path.read_text().splitlines())) > FILE_LINES_MAX
    }
    assert long == {}, f"over {FILE_LINES_MAX} lines: find the second noun and give it a file"


def test_no_function_is_longer_than_a_screen() -> None:
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    long = places(
        ("game", "server", "tests"),
        functions,
        lambda node: node.end_lineno - node.lineno >= FUNCTION_LINES_MAX,
    )
    assert long == [], f"over {FUNCTION_LINES_MAX} lines: ifs in the parent, loops in the leaves"


def test_nothing_is_left_for_later() -> None:
    later = re.compile(r"\b(TO[D]O|FIX[M]E|X{3})\b")
    left = [
        f"{name(path)}:{number}"
        for path in files(
            *CODE, "tests", "docs", ends=(".py", ".ts", ".tsx", ".css", ".html", ".md")
        )
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if later.search(line)
    ]
    assert left == [], "do it now, or open an issue"


# --- who may touch what ---------------------------------------------------------------------


def test_game_is_pure() -> None:
    foreign = [
        f"{where} imports {module}"
        for where, tree in trees("game")
        for module in imported(tree)
        if module not in PURE and module.split(".")[0] != "game"
    ]
    assert foreign == [], "game/ decides, server/ does: take the value as an argument"
    waiting = places(
        ("game",), (ast.Await, ast.AsyncFunctionDef, ast.AsyncWith, ast.AsyncFor), bool
    )
    assert waiting == [], "game/ never waits: gather in server/, decide in game/"
    impure = places(("game",), ast.Call, lambda node: called(node) in IMPURE_CALLS)
    assert impure == [], "game/ has no clock and no I/O: take `now` or the text as an argument"


def test_migrations_import_no_code_of_ours() -> None:
    ours = [
        f"{where} imports {module}"
        for where, tree in trees("migrations")
        for module in imported(tree)
        if module.split(".")[0] in {"server", "game"}
    ]
    assert ours == [], "a migration must mean the same in five years: write the SQL out"


def test_nothing_runs_beside_a_transaction() -> None:
    def opens_transaction(node: ast.AsyncWith) -> bool:
        return any(called(item.context_expr) == "transaction" for item in node.items)

    def is_command(node: ast.AsyncFunctionDef) -> bool:
        return any(called(each) == "command" for each in node.decorator_list)

    beside = [
        f"{where}:{node.lineno}"
        for where, tree in trees("server")
        for block in ast.walk(tree)
        if (isinstance(block, ast.AsyncWith) and opens_transaction(block))
        or (isinstance(block, ast.AsyncFunctionDef) and is_command(block))
        for node in ast.walk(block)
        if isinstance(node, ast.Call) and called(node) in CONCURRENT
    ]
    assert beside == [], "the transaction is a context variable: await one after the other"


# --- words ----------------------------------------------------------------------------------


def strings(*folders: str) -> Iterator[tuple[str, str]]:
    """Yield every string literal with its file."""
    for where, tree in trees(*folders):
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield where, node.value


def test_every_refusal_has_a_sentence_and_every_sentence_a_refusal() -> None:
    raised = {
        constant.value
        for _, tree in trees("game", "server")
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and called(node) == "RuleViolation" and node.args
        for constant in ast.walk(node.args[0])
        if isinstance(constant, ast.Constant) and isinstance(constant.value, str)
    }
    assert raised - REFUSALS.keys() == set(), "add its sentence to server/kit/errors/"

    said = {text for where, text in strings("game", "server") if "kit/errors/" not in where}
    assert REFUSALS.keys() - said == set(), "nothing raises it any more: take its sentence out"


def test_every_template_is_used() -> None:
    templates = ROOT / "pwa/templates"
    spoken = {text for _, text in strings("server")}
    spoken |= set(re.findall(r"[\"']([\w/]+\.html)[\"']", "".join(
        path.read_text() for path in files("pwa/templates", ends=(".html",))
    )))  # fmt: skip
    unused = [
        path.relative_to(templates).as_posix()
        for path in files("pwa/templates", ends=(".html",))
        if path.relative_to(templates).as_posix() not in spoken
    ]
    assert unused == [], "no handler shows it and no page includes it: take it out"


@pytest.mark.parametrize("language", catalogues.TRANSLATED)
def test_every_sentence_is_translated(language: str) -> None:
    catalogue = catalogues.load(language)
    catalogue.update(catalogues.extracted(), no_fuzzy_matching=True)
    assert list(catalogues.faults(language, catalogue)) == [], "make messages, then translate"


# --- tests ----------------------------------------------------------------------------------


def test_no_test_sleeps_or_looks_away() -> None:
    def looks_away(node: ast.AST) -> bool:
        return called(node) in {"skip", "skipif", "xfail", "importorskip"}

    def sleeps(node: ast.AST) -> bool:
        # sleep(0) waits for nothing: it lets the others run.
        return called(node) == "sleep" and ast.unparse(node.args[0]) != "0"

    absent = places(("tests",), ast.Attribute, looks_away)
    assert absent == [], "a test that can't run must fail"
    asleep = [
        each for each in places(("tests",), ast.Call, sleeps) if not each.startswith(MAY_SLEEP)
    ]
    assert asleep == [], "wait for the event itself, or eventually()"


# --- locks and documents --------------------------------------------------------------------


def test_the_python_lock_is_fresh_and_names_no_host() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    wanted = [
        *project["project"]["dependencies"],
        *(each for extra in project["project"]["optional-dependencies"].values() for each in extra),
        *(each for group in project["dependency-groups"].values() for each in group),
    ]
    lock = (ROOT / "requirements.lock").read_text()
    pinned: dict[str, set[str]] = {}
    for package, version in re.findall(r"^([\w.-]+)==(\S+)", lock, re.MULTILINE):
        pinned.setdefault(canonicalize_name(package), set()).add(version)

    stale = [
        text
        for text in wanted
        if (need := Requirement(text))
        and (not need.marker or need.marker.evaluate(default_environment()))
        and not any(
            need.specifier.contains(v) for v in pinned.get(canonicalize_name(need.name), ())
        )
    ]
    assert stale == [], "make lock"
    assert "://" not in lock, "a lock must look alike everywhere: make lock"


def test_the_npm_lock_is_fresh_and_names_no_host() -> None:
    package = json.loads((ROOT / "pwa/package.json").read_text())
    lock = json.loads((ROOT / "pwa/package-lock.json").read_text())
    for part in ("dependencies", "devDependencies"):
        assert lock["packages"][""].get(part, {}) == package.get(part, {}), "make lock"
    assert not any("resolved" in each for each in lock["packages"].values()), "make lock"


def test_documents_speak_of_files_that_exist() -> None:
    documents = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *files("docs", ends=(".md",))]
    missing = []
    for document in documents:
        text = document.read_text()
        linked = [document.parent / to for to in re.findall(r"\]\((?!\w+:|#)([^)#]+)", text)]
        tops = "game|server|pwa|static|migrations|tests|docs"
        spoken = [ROOT / to for to in re.findall(rf"`((?:{tops})/[\w./-]*)`", text)]
        missing += [f"{name(document)}: {path}" for path in linked + spoken if not path.exists()]
    assert missing == [], "documents that lie are worse than none"
