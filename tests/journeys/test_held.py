"""Something is held: its person learns it live, answers back, and a second colleague gives it free."""

from collections.abc import Awaitable, Callable

from playwright.async_api import Page, expect

from game.antispam import Signals
from server.antispam.commands import judge
from server.kit import db, ids
from server.people import sessions
from tests.support.cast import DESK, bring_in, person_id
from tests.support.live import connected

WHAT = {"zh_Hans": "推荐奖励 ¥200", "zh_Hant": "推薦獎勵 ¥200", "en": "The ¥200 reward"}
SECOND = ("OP2", "卫红", "staff", "总部/运营", "", "operations")
NewPhone = Callable[..., Awaitable[Page]]


async def sit(new_phone: NewPhone, origin: str, code: str, path: str) -> Page:
    """Open a page as somebody, with its socket connected."""
    phone = await new_phone()
    opened = await sessions.start_session(await person_id(code))
    await phone.context.add_cookies([{"name": "sid", "value": opened.token, "url": origin}])
    async with connected(phone):
        await phone.goto(path)
    return phone


async def test_from_held_to_given_free(new_phone: NewPhone, live_server: str) -> None:
    await bring_in([*DESK, SECOND])
    whose = ids.new_id()
    await db.execute(
        "INSERT INTO person (id, code, name, kind) VALUES ($1, '周女士', '周女士', 'customer')",
        whose,
    )
    zhou = await sit(new_phone, live_server, "周女士", "/inbox")
    desk = await sit(new_phone, live_server, "OP", "/suspicions")
    await expect(zhou.get_by_text("还没有消息")).to_be_visible()
    await expect(desk.get_by_text("没有可疑的要看")).to_be_visible()

    await judge("gift:1", whose, Signals(in_hour=3, same_ip_24h=True), what=WHAT)

    await zhou.get_by_role("link", name="同事先看一下").click()
    await expect(zhou.get_by_text("一天内邀请人和好友在同一个网络")).to_be_visible()
    await expect(desk.get_by_text("暂扣：推荐奖励 ¥200")).to_be_visible()
    await desk.get_by_text("不通过…").click()
    await desk.get_by_label("囤券或者转卖").check()
    await desk.get_by_role("button", name="不通过，下一条").click()
    await expect(desk.get_by_text("周女士会看到原因")).to_be_visible()

    # The open page of its person follows by itself.
    await zhou.get_by_label("有什么要让我们知道的？").fill("我们是同一个健身班的")
    await zhou.get_by_role("button", name="提交说明").click()
    await expect(zhou.get_by_text("换一位没有参与过的同事正在看")).to_be_visible()

    second = await sit(new_phone, live_server, "OP2", "/suspicions")
    await expect(second.get_by_text("我们是同一个健身班的")).to_be_visible()
    await second.get_by_role("button", name="放行，下一条").click()
    await expect(second.get_by_text("已放行：周女士")).to_be_visible()
    await expect(zhou.get_by_text("照常进行")).to_be_visible()
    await zhou.goto("/inbox")
    await zhou.get_by_role("button", name="全部已读").click()
    await expect(zhou.get_by_text("未读", exact=True)).to_have_count(0)
