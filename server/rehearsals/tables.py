"""Tables for a terminal, in plain text."""

import unicodedata

Table = list[tuple[str, ...]]


def sum_of(amount: int, asset: str | None) -> str:
    """Return points as they are, and 分 as 元 with two places."""
    if asset != "cash":
        return str(amount)
    sign = "-" if amount < 0 else ""
    return f"{sign}¥{abs(amount) // 100:,}.{abs(amount) % 100:02d}"


def block(title: str, rows: Table) -> str:
    """Lay rows out in columns: the texts left, figures after the first column right."""
    if not rows:
        return ""
    widths = [max(_width(cell) for cell in column) for column in zip(*rows, strict=True)]
    lines = ["  ".join(map(_padded, row, widths)).rstrip() for row in rows]
    return "\n".join([title, *(f"  {line}" for line in lines)])


def _padded(cell: str, width: int) -> str:
    return cell + " " * (width - _width(cell))


def _width(text: str) -> int:
    """Count terminal columns: a Chinese sign takes two."""
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)
