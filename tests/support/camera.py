"""A camera that looks at a QR code: a raw video for Chromium's fake device."""

from pathlib import Path

import segno

WIDTH, HEIGHT = 640, 480
FRAMES = 4
WHITE, BLACK, GREY = 235, 16, 128


def film(path: Path, text: str, scale: int = 8) -> Path:
    """Write a video (Y4M) in which a QR code of `text` lies on a white table."""
    code = [list(row) for row in segno.make(text, error="m").matrix_iter(border=4)]
    left, top = (WIDTH - scale * len(code[0])) // 2, (HEIGHT - scale * len(code)) // 2
    picture = [bytearray([WHITE]) * WIDTH for _ in range(HEIGHT)]
    for y, row in enumerate(code):
        line = b"".join(bytes([BLACK if dark else WHITE]) * scale for dark in row)
        for step in range(scale):
            picture[top + scale * y + step][left : left + len(line)] = line
    frame = b"FRAME\n" + b"".join(picture) + bytes([GREY]) * (WIDTH * HEIGHT // 2)
    head = f"YUV4MPEG2 W{WIDTH} H{HEIGHT} F10:1 Ip A1:1 C420jpeg\n".encode()
    path.write_bytes(head + frame * FRAMES)
    return path
