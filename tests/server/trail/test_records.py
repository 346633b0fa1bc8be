"""The page of the audit trail: found by name, only for those who check, every deed in words."""

import ast
import re
from collections.abc import Callable

from server.config import CHECKOUT
from server.people.rights import set_roles
from server.trail import seals
from server.trail.words import VERBS
from tests.support.cast import DESK, bring_in, person_id
from tests.support.visitor import NewClient, refusal, visit, words


async def test_who_did_what_is_found_by_name_and_says_its_seal(new_client: NewClient) -> None:
    await bring_in([*DESK, ("MEI", "梅雨薇", "staff", "总部", "", "")])
    mei, op = await person_id("MEI"), await person_id("OP")
    await set_roles(mei, frozenset({"sales"}), op)
    auditor = await visit(new_client, "AU")
    found = await auditor.read("/records?q=梅雨薇")
    assert "调整了角色 ：梅雨薇" in found.replace("角色：", "角色 ：")
    assert "待封存" in found
    await seals.seal_all()
    found = await auditor.read("/records?q=梅雨薇")
    assert "封存号 1" in found
    assert "已封存至第 1 号" in found
    assert "没有和“无此人”有关的记录" in await auditor.read("/records?q=无此人")


async def test_only_those_who_check_read_it(new_client: NewClient) -> None:
    await bring_in([*DESK, ("MEI", "梅", "staff", "总部", "", "")])
    colleague = await visit(new_client, "MEI")
    assert refusal("not_allowed") in words(await colleague.client.get("/records"))


def test_every_verb_that_is_recorded_has_words() -> None:
    """The verb is the second argument of `record(by, verb, subject)`; a hole in it fits any word."""
    wordless = []
    for path in (CHECKOUT / "server").rglob("*.py"):
        for call in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(call, ast.Call) or len(call.args) < 3:
                continue
            if ast.unparse(call.func) not in {"record", "rights.record"}:
                continue
            wordless += [each for each in verbs(call.args[1]) if not any(map(each, VERBS))]
    assert wordless == []


def verbs(said: ast.expr) -> list[Callable[[str], re.Match[str] | None]]:
    """What matches each verb that an argument may be; none for a variable."""
    if isinstance(said, ast.IfExp):
        return [*verbs(said.body), *verbs(said.orelse)]
    if isinstance(said, ast.JoinedStr):
        parts = [
            re.escape(each.value) if isinstance(each, ast.Constant) else "[a-z_]+"
            for each in said.values
        ]
        return [re.compile("".join(parts)).fullmatch]
    return [re.compile(said.value).fullmatch] if isinstance(said, ast.Constant) else []
