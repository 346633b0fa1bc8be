"""Chinese on an English page is marked as Chinese, and nothing else is touched."""

import pytest

from server.kit import i18n, mixed, pages


@pytest.mark.parametrize(
    ("html", "marked"),
    [
        ("<b>Report</b>", "<b>Report</b>"),
        ("<b> 梅雨薇 </b>", '<b> <bdi lang="zh">梅雨薇</bdi> </b>'),
        ("<td>总部/一队</td>", '<td><bdi lang="zh">总部/一队</bdi></td>'),
        (
            "<p>You are in 三队, 梅 too</p>",
            '<p><bdi>You are in <bdi lang="zh">三队</bdi>, <bdi lang="zh">梅</bdi> too</bdi></p>',
        ),
        ('<a title="三队">x</a>', '<a title="三队">x</a>'),
        ("<title>三队</title>", "<title>三队</title>"),
        ("<textarea>三队</textarea>", "<textarea>三队</textarea>"),
        ("<option value=a>三队</option>", "<option value=a>三队</option>"),
        ("<svg><text>三队</text></svg>", "<svg><text>三队</text></svg>"),
        ('<script>"三队" < 4</script>', '<script>"三队" < 4</script>'),
        ("<!-- 三队 -->", "<!-- 三队 -->"),
        ("<p>《&amp;》、（）</p>", "<p>《&amp;》、（）</p>"),
    ],
)
def test_only_texts_are_marked(html: str, marked: str) -> None:
    assert mixed.tagged(html) == marked


def test_an_english_page_is_marked_and_a_chinese_one_is_not() -> None:
    shown = {}
    for locale in i18n.LOCALES:
        with i18n.speaking(locale):
            shown[locale] = pages.render("errors/error.html", title="三队", sentence="三队")
    assert '<bdi lang="zh">三队</bdi>' in shown["en"]
    assert "bdi" not in shown["zh_Hans"] + shown["zh_Hant"]
