"""Runs what the README tells people to run."""

import re
import subprocess
import sys

import pytest
from conftest import ROOT

README = (ROOT / "README.md").read_text()
SECTION = README.split("### Call it\n")[1].split("\n## ")[0]
SNIPPETS = re.findall(r"```(sh|python)\n(.*?)```", SECTION, re.DOTALL)
# The README says that Triton's example becomes one of gRPC in this way.
OVER_GRPC = [
    (language, code.replace("tritonclient.http", "tritonclient.grpc"))
    for language, code in SNIPPETS
    if "tritonclient.http" in code
]


def test_there_are_snippets_of_every_kind():
    assert len(SNIPPETS) == 7 and len(OVER_GRPC) == 1
    for word in ["curl http", "tritonclient", "kserve", "buf curl", "predict"]:
        assert word in SECTION


@pytest.mark.parametrize(("language", "code"), SNIPPETS + OVER_GRPC)
def test_snippet(language, code, address):
    code = code.replace("127.0.0.1:8080", address)
    command = {"sh": ["bash", "-euo", "pipefail", "-c"], "python": [sys.executable, "-c"]}[language]
    run = subprocess.run([*command, code], cwd=ROOT, capture_output=True, check=False, timeout=60)
    assert run.returncode == 0, run.stderr.decode()
    output = run.stdout
    if "buf curl" in code:
        assert b"grpc.health.v1.Health/Check" in output
        # JSON has bytes as base64; this is "Green Valley".
        assert b"R3JlZW4gVmFsbGV5" in output
    else:
        assert b"Green Valley Seeds" in output
