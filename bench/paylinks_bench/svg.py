"""Plots as SVG, drawn by hand: bars, stacked bars, and lines."""

from html import escape

COLOURS = ["#2f6fb0", "#e08a2e", "#4a9a5b", "#b5485d", "#7a62a8", "#8a6d4b", "#5aa7b8", "#9a9a3c", "#666666"]
WIDTH = 760
LEFT = 190
RIGHT = 90
TOP = 46


class Canvas:
    """Collects shapes and writes them as one document on white."""

    def __init__(self, title, height):
        self.height = height
        self.shapes = [
            f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>',
            text(16, 26, title, size=16, weight="bold"),
        ]

    def add(self, *shapes):
        self.shapes += shapes

    def document(self):
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {self.height}" width="{WIDTH}" '
            f'height="{self.height}" font-family="sans-serif">\n' + "\n".join(self.shapes) + "\n</svg>\n"
        )


def text(x, y, content, size=12, anchor="start", weight="normal", colour="#222222"):
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" text-anchor="{anchor}" font-weight="{weight}" '
        f'fill="{colour}">{escape(str(content))}</text>'
    )


def box(x, y, width, height, colour):
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{max(width, 0.5):.1f}" height="{height:.1f}" fill="{colour}"/>'


def number(value):
    return f"{value:,.0f}" if value >= 10 else f"{value:,.1f}"


def round_up(value):
    """The next value above that reads well when it is divided by four."""
    step = 10 ** max(0, len(str(int(value))) - 2) * 4
    return -(-value // step) * step


def bars(title, rows):
    """A bar to each (label, value), each with its value."""
    return stacked(title, [(label, {"": value}) for label, value in rows])


def stacked(title, rows):
    """A bar to each (label, parts), its parts side by side in one order, with their sum."""
    names = list(dict.fromkeys(name for _, parts in rows for name in parts))
    most = max((sum(parts.values()) for _, parts in rows), default=1) or 1
    has_legend = names != [""]
    canvas = Canvas(title, TOP + 28 * len(rows) + (30 if has_legend else 12))
    scale = (WIDTH - LEFT - RIGHT) / most
    for row, (label, parts) in enumerate(rows):
        y, x = TOP + 28 * row, LEFT
        canvas.add(text(LEFT - 8, y + 14, label, anchor="end"))
        for name in names:
            width = parts.get(name, 0) * scale
            if width > 0:
                canvas.add(box(x, y, width, 20, COLOURS[names.index(name) % len(COLOURS)]))
            x += width
        canvas.add(text(x + 6, y + 14, number(sum(parts.values()))))
    if has_legend:
        legend(canvas, names, TOP + 28 * len(rows) + 14)
    return canvas.document()


def lines(title, labels, series, unit):
    """A line to each name of `series`, whose values stand over `labels` at even distances."""
    bottom, height = 330, 400
    canvas = Canvas(title, height)
    left, right = 80, WIDTH - 30
    most = round_up(max((value for values in series.values() for value in values), default=1) or 1)
    for step in range(5):
        y = bottom - (bottom - TOP) * step / 4
        canvas.add(f'<line x1="{left}" y1="{y:.1f}" x2="{right}" y2="{y:.1f}" stroke="#dddddd"/>')
        canvas.add(text(left - 8, y + 4, number(most * step / 4), anchor="end"))
    distance = (right - left) / max(len(labels) - 1, 1)
    every = max(1, len(labels) // 20)
    for index, label in enumerate(labels):
        if index % every == 0:
            canvas.add(text(left + index * distance, bottom + 18, label, anchor="middle"))
    for index, (name, values) in enumerate(series.items()):
        points = " ".join(
            f"{left + place * distance:.1f},{bottom - (bottom - TOP) * value / most:.1f}"
            for place, value in enumerate(values)
        )
        canvas.add(f'<polyline points="{points}" fill="none" stroke="{COLOURS[index]}" stroke-width="2"/>')
    canvas.add(text(WIDTH - 30, 26, unit, size=11, anchor="end"))
    legend(canvas, list(series), height - 24)
    return canvas.document()


def legend(canvas, names, y):
    x = 20
    for index, name in enumerate(names):
        canvas.add(box(x, y - 9, 10, 10, COLOURS[index % len(COLOURS)]), text(x + 14, y, name, size=11))
        x += 24 + 5.8 * len(name)
