"""What must not be torn at the end of a line, and what is left alone."""

import pytest

from server.kit.unbroken import JOINER, SPACE, glued


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("还剩 5 小时 20 分", "还剩 5_小时_20_分"),
        ("到 07-12 14:45 为止", "到 07-|12_14:45_为止"),
        ("2026-07-12", "2026-|07-|12"),
        ("2026 年 6 月", "2026_年_6_月"),
        ("300 points for you", "300_points for you"),
        ("until Jul 14 14:45", "until Jul_14_14:45"),
        ("5 h 20 min left", "5_h_20_min left"),
        ("3 of 5 · 3 / 10", "3_of_5_· 3_/_10"),
        ("7K2M-12-34-QX", "7K2M-12-34-QX"),
        ("没有数字的话 一句", "没有数字的话 一句"),
        ("审完 3 条。 1 条由同事审了", "审完 3_条。1_条由同事审了"),
        ("一句话 （可不填）", "一句话（可不填）"),
        ("一句话 <b>（可不填）</b>", "一句话<b>（可不填）</b>"),
        ("客户 · 今天 14:45", "客户_· 今天_14:45"),
        ("客户成功部 · 员工", "客户成功部_· 员工"),
        ("<b>员工</b> · 一队", "<b>员工</b>_· 一队"),
        ("你得到¥200 券，他得到1,200 积分", "你得到 ¥200_券，他得到 1,200_积分"),
        ("一店2号柜", "一店2号柜"),
        ("朋友1 由你介绍", "朋友1_由你介绍"),
        ("从07-12 10:45等到现在", "从 07-|12_10:45_等到现在"),
    ],
)
def test_a_text(words: str, shown: str) -> None:
    expected = shown.replace("_", SPACE).replace("|", JOINER)
    assert glued(f"<p>{words}</p>") == f"<p>{expected}</p>"


@pytest.mark.parametrize(
    "kept",
    [
        '<time datetime="2026-07-12 14:45"></time>',
        "<option>5 小时</option>",
        "<textarea>到 07-12 14:45</textarea>",
        "<script>const day = '07-12 14:45';</script>",
        "<title>2 小时</title>",
    ],
)
def test_what_is_no_text_of_the_page_stays(kept: str) -> None:
    assert glued(kept) == kept
