# SPDX-License-Identifier: BSD-2-Clause
"""picture.py FILE: draws the terminal screen on standard input as a PNG.

Blocks are drawn as rectangles that touch, as terminals draw them; a font's
glyphs would leave gaps that a QR reader trips over.
"""
import sys
from PIL import Image, ImageDraw, ImageFont

FONT = "/usr/share/fonts/truetype/dejavu/DejaVuSansMono.ttf"
WIDTH, HEIGHT, MARGIN = 8, 16, 16
INK, PAPER = (238, 238, 238), (24, 24, 24)
# Upper and lower half of the cell.
BLOCKS = {"\u2588": (True, True), "\u2580": (True, False),
          "\u2584": (False, True)}


def draw_cell(draw, font, x, y, char):
    if char not in BLOCKS:
        draw.text((x, y), char, fill=INK, font=font)
        return
    half = HEIGHT // 2
    for top, inked in zip((y, y + half), BLOCKS[char]):
        if inked:
            draw.rectangle((x, top, x + WIDTH - 1, top + half - 1), fill=INK)


def main():
    lines = sys.stdin.read().rstrip("\n").split("\n")
    columns = max(map(len, lines))
    image = Image.new("RGB", (columns * WIDTH + 2 * MARGIN,
                              len(lines) * HEIGHT + 2 * MARGIN), PAPER)
    draw = ImageDraw.Draw(image)
    font = ImageFont.truetype(FONT, 13)
    for row, line in enumerate(lines):
        for column, char in enumerate(line):
            draw_cell(draw, font, MARGIN + column * WIDTH,
                      MARGIN + row * HEIGHT, char)
    image.save(sys.argv[1])


main()
