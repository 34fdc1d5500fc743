"""The examples of the package's README."""

import re
from pathlib import Path


def test_the_examples_run(repository: Path) -> None:
    readme = (repository / "bindings/python/README.md").read_text(encoding="utf-8")
    examples = re.findall(r"^```python\n(.*?)^```$", readme, flags=re.DOTALL | re.MULTILINE)
    assert len(examples) == 2
    names: dict[str, object] = {}
    for example in examples:
        exec(example, names)
    assert isinstance(names["params"], dict)
