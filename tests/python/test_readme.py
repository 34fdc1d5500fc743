"""The examples in the README of the package run."""

import re
from pathlib import Path

from helpdesk import Helpdesk


def test_the_examples_run(repository: Path, helpdesk: Helpdesk) -> None:
    readme = (repository / "bindings/python/README.md").read_text(encoding="utf-8")
    examples = re.findall(r"^```python\n(.*?)^```$", readme, flags=re.DOTALL | re.MULTILINE)
    assert len(examples) == 9
    names: dict[str, object] = {}
    for example in examples:
        exec(example.replace("https://help.example.com", helpdesk.origin), names)
    assert isinstance(names["params"], dict)
