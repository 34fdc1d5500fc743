"""docs/other-languages.md shows what the examples print, and quotes them correctly."""

from __future__ import annotations

import re

import pytest

from languages import EXAMPLES, LANGUAGES, ROOT, User

PAGE = (ROOT / "docs/other-languages.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```$", PAGE, flags=re.DOTALL | re.MULTILINE)
PRINTED = [
    (code, output)
    for (kind, code), (following, output) in zip(BLOCKS, BLOCKS[1:])
    if kind == "sh" and following == "text"
]
QUOTED = [(kind, code) for kind, code in BLOCKS if kind not in ("sh", "text", "console")]


@pytest.mark.parametrize(("code", "output"), PRINTED, ids=[code.split()[0] for code, _ in PRINTED])
def test_a_command_prints_the_output_on_the_page(code: str, output: str, user: User) -> None:
    # The page has an ellipsis for a salt or a signature, which differ in each run.
    expected = "[0-9A-Za-z%]+".join(re.escape(part) for part in output.split("…"))
    is_as_on_the_page = re.fullmatch(expected, user.run(code)) is not None
    assert is_as_on_the_page, f"the output differs from that on the page:\n{code}"


@pytest.mark.parametrize(("kind", "code"), QUOTED, ids=[kind for kind, _ in QUOTED])
def test_each_quoted_block_is_in_an_example(kind: str, code: str) -> None:
    assert any(code in (EXAMPLES / language.example).read_text(encoding="utf-8") for language in LANGUAGES)


def test_the_page_quotes_and_runs_the_example_of_each_language() -> None:
    assert len(PRINTED) == len(QUOTED) == len(LANGUAGES)
    assert all(f"(../bindings/examples/{language.example})" in PAGE for language in LANGUAGES)
