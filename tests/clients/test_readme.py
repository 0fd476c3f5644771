"""Runs what the README tells people to run."""

import os
import re
import subprocess
import sys
from urllib.parse import urlsplit

import pytest
from conftest import ROOT

README = (ROOT / "README.md").read_text()
GATEWAY = os.environ["GATEWAY_URL"]


def snippets(start: str, end: str) -> list[tuple[str, str]]:
    section = README.split(start)[1].split(end)[0]
    return re.findall(r"```(sh|python)\n(.*?)```", section, re.DOTALL)


OF_MODEL = snippets("### Call it\n", "\n## ")
# The README says that Triton's example becomes one of gRPC in this way.
OVER_GRPC = [
    (language, code.replace("tritonclient.http", "tritonclient.grpc"))
    for language, code in OF_MODEL
    if "tritonclient.http" in code
]
OF_GATEWAY = snippets("## The gateway\n", "### Who may call\n")
OF_COMMAND = snippets("## The command line\n", "\n## ")


def run(language: str, code: str) -> bytes:
    command = {"sh": ["bash", "-euo", "pipefail", "-c"], "python": [sys.executable, "-c"]}[language]
    env = {**os.environ, "OCR_URL": GATEWAY}
    result = subprocess.run(
        [*command, code], cwd=ROOT, env=env, capture_output=True, check=False, timeout=60
    )
    assert result.returncode == 0, result.stderr.decode()
    return result.stdout


def test_there_are_snippets_of_every_kind():
    assert len(OF_MODEL) == 7 and len(OVER_GRPC) == 1
    assert len(OF_GATEWAY) == 4 and len(OF_COMMAND) == 2
    code = "".join(code for _, code in OF_MODEL)
    for word in ["curl http", "tritonclient", "kserve", "buf curl", "predict"]:
        assert word in code


@pytest.mark.parametrize(("language", "code"), OF_MODEL + OVER_GRPC)
def test_snippet_of_the_model(language, code, address):
    output = run(language, code.replace("127.0.0.1:8080", address))
    if "buf curl" in code:
        assert b"grpc.health.v1.Health/Check" in output
        # JSON has bytes as base64; this is "Green Valley".
        assert b"R3JlZW4gVmFsbGV5" in output
    else:
        assert b"Green Valley Seeds" in output


@pytest.mark.parametrize(("language", "code"), OF_GATEWAY)
def test_snippet_of_the_gateway(language, code):
    output = run(language, code.replace("127.0.0.1:8001", urlsplit(GATEWAY).netloc))
    assert b"Green" in output and b"Valley" in output


@pytest.mark.parametrize(("language", "code"), OF_COMMAND)
def test_snippet_of_the_command_line(language, code, tmp_path):
    output = run(language, code.replace("/tmp/searchable", str(tmp_path)))
    if "/tmp/searchable" in code:
        files = [path.read_bytes() for path in tmp_path.iterdir()]
        assert files and all(file.startswith(b"%PDF") for file in files)
    else:
        assert b"Green Valley Seeds" in output
