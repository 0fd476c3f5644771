"""Runs what the pages tell people to run in Python; those for a shell are run by tests/e2e/snippets.test.ts."""

import re
import subprocess
import sys

import pytest
from conftest import ROOT

PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
MARKED = re.compile(r"^<!-- run: ([^\n]+) -->\n```python\n(.*?)^```$", re.DOTALL | re.MULTILINE)
SNIPPETS = [
    pytest.param(code, expected, id=f"{page.name}-{number}")
    for page in PAGES
    for number, (expected, code) in enumerate(MARKED.findall(page.read_text()), 1)
]
# docs/model.md says that Triton's example becomes one of gRPC in this way.
OVER_GRPC = [
    pytest.param(code.replace("tritonclient.http", "tritonclient.grpc"), expected, id=f"{id_}-grpc")
    for code, expected, id_ in ((*param.values, param.id) for param in SNIPPETS)
    if "tritonclient.http" in code
]


def test_there_are_snippets_of_both_clients():
    assert len(OVER_GRPC) == 2
    assert any("from kserve import" in param.values[0] for param in SNIPPETS)


@pytest.mark.parametrize(("code", "expected"), SNIPPETS + OVER_GRPC)
def test_a_snippet_prints_what_the_page_says(code, expected, address):
    result = subprocess.run(
        [sys.executable, "-c", code.replace("127.0.0.1:8080", address)],
        cwd=ROOT,
        capture_output=True,
        check=False,
        text=True,
        timeout=60,
    )
    assert result.returncode == 0, result.stderr
    assert expected in result.stdout
