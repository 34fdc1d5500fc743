"""Draws how time grows, as SVG: four small charts, three of them with logarithmic axes."""

from __future__ import annotations

from math import ceil, floor, log10

WIDTH, HEIGHT, LEFT, TOP = 300, 170, 74, 44
HEAD = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 800 512" width="800" height="512" role="img"
     aria-labelledby="title description">
  <title id="title">How time grows</title>
  <desc id="description">
    Time of a signature against the length of its salt, of a batch against its size, of a signed form against its size,
    and signatures in a second against the number of threads.
  </desc>
  <style>
    .page { fill: #f6f8fa }
    .grid { stroke: #d0d7de; stroke-width: 1 }
    .line { fill: none; stroke: #2f6fc4; stroke-width: 2 }
    circle { fill: #2f6fc4 }
    text { fill: #59636e; font: 12px system-ui, -apple-system, "Segoe UI", "Noto Sans", Helvetica, Arial, sans-serif }
    .name { fill: #1f2328; font-size: 14px; font-weight: 600 }
    .end { text-anchor: end }
    .middle { text-anchor: middle }
    @media (prefers-color-scheme: dark) {
      .page { fill: #1c2128 }
      .grid { stroke: #444c56 }
      .line { stroke: #5295e6 }
      circle { fill: #5295e6 }
      text { fill: #a9b4c0 }
      .name { fill: #e6edf3 }
    }
  </style>
  <rect class="page" width="800" height="512" rx="10"/>
"""
CHARTS = [
    ("salt", "a signature, by length of the salt in bytes"),
    ("batch", "a batch, by number of credentials"),
    ("body", "a signed form, by size in bytes"),
    ("threads", "signatures in a second, by threads"),
]
Points = list[tuple[float, float]]


def duration(nanoseconds: float) -> str:
    for unit, name in ((1e9, "s"), (1e6, "ms"), (1e3, "µs")):
        if nanoseconds >= unit:
            return f"{nanoseconds / unit:g} {name}"
    return f"{nanoseconds:g} ns"


def count(number: float) -> str:
    for unit, name in ((1e6, " M"), (1e3, " k")):
        if number >= unit:
            return f"{number / unit:g}{name}"
    return f"{number:g}"


def chart(index: int, title: str, points: Points, threads: bool) -> str:
    """Returns one chart. The chart of threads has linear axes, to show whether twice the threads sign twice as much."""
    left, top = LEFT + index % 2 * 390, TOP + index // 2 * 260
    (first, _), (last, _) = points[0], points[-1]
    most = max(value for _, value in points)

    if threads:
        step = 10 ** floor(log10(most)) / 2
        marks = [step * at for at in range(ceil(most / step) + 1)]
        ticks = [x for x, _ in points]

        def position(x: float, y: float) -> tuple[float, float]:
            return left + WIDTH * (x / last), top + HEIGHT * (1 - y / marks[-1])
    else:
        low, high = floor(log10(min(value for _, value in points))), ceil(log10(most))
        marks = [10.0**at for at in range(low, high + 1)]
        ticks = [10.0**at for at in range(ceil(log10(first)), floor(log10(last)) + 1)]

        def position(x: float, y: float) -> tuple[float, float]:
            along, up = log10(x / first) / log10(last / first), (log10(y) - low) / (high - low)
            return left + WIDTH * along, top + HEIGHT * (1 - up)

    parts = [f'  <text class="name" x="{left}" y="{top - 16}">{title}</text>']
    for mark in marks:
        y = position(first, mark)[1]
        text = count(mark) if threads else duration(mark)
        parts.append(f'  <path class="grid" d="M{left} {y:.1f}h{WIDTH}"/>')
        parts.append(f'  <text class="end" x="{left - 8}" y="{y + 4:.1f}">{text}</text>')
    for tick in ticks:
        x = position(tick, marks[-1])[0]
        parts.append(f'  <text class="middle" x="{x:.1f}" y="{top + HEIGHT + 18}">{count(tick)}</text>')
    placed = [position(x, y) for x, y in points]
    parts.append(f'  <path class="line" d="M{" L".join(f"{x:.1f} {y:.1f}" for x, y in placed)}"/>')
    parts += [f'  <circle cx="{x:.1f}" cy="{y:.1f}" r="3"/>' for x, y in placed]
    return "\n".join(parts)


def plot(times: dict[str, list[float]]) -> str:
    """Returns the SVG of the best rounds. A measurement is named by its kind and a number, for example `salt 16`."""
    charts: list[str] = []
    for index, (kind, title) in enumerate(CHARTS):
        best = [(float(name.split()[1]), min(rounds)) for name, rounds in times.items() if name.startswith(f"{kind} ")]
        threads = kind == "threads"
        points = [(x, 1e9 / time if threads else time) for x, time in best]
        charts.append(chart(index, title, points, threads))
    return HEAD + "\n".join(charts) + "\n</svg>\n"
