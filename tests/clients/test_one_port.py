"""One port for HTTP/1.1, HTTP/2 with prior knowledge and gRPC, all at the same time."""

import itertools
import json
import subprocess
import threading
import time
from collections import Counter

import grpc
from conftest import MODEL, SERVICE
from google.protobuf import message_factory

SECONDS = 30
LANES = {"HTTP/1.1": 11, "HTTP/2": 11, "gRPC": 10}


def write_body(receipt: bytes, path) -> str:
    """Writes a binary request for the text of a receipt, and gives its header."""
    size = 4 + len(receipt)
    tensor = {
        "name": "image",
        "datatype": "BYTES",
        "shape": [1],
        "parameters": {"binary_data_size": size},
    }
    head = json.dumps({"inputs": [tensor], "outputs": [{"name": "text"}]}).encode()
    path.write_bytes(head + len(receipt).to_bytes(4, "little") + receipt)
    return f"Inference-Header-Content-Length: {len(head)}"


# curl 7.88, which Debian 12 has, cannot send a second request on such a connection, to any server.
CURL_OPTIONS = {"HTTP/1.1": ["--http1.1", "10"], "HTTP/2": ["--http2-prior-knowledge", "1"]}


def curl(protocol: str, url: str, header: str, path) -> list[str]:
    """The versions and statuses of some requests on one connection."""
    flag, count = CURL_OPTIONS[protocol]
    printed = subprocess.run(
        ["curl", "-sS", flag, "-H", header, "--data-binary", f"@{path}", "-o", "/dev/null"]
        + ["-w", "%{http_version} %{http_code} %{errormsg}\n"]
        + [f"{url}/v2/models/{MODEL}/infer?n=[1-{count}]"],
        capture_output=True,
        text=True,
        check=False,
    )
    return printed.stdout.splitlines() + printed.stderr.splitlines()


def test_32_mixed_connections_have_no_error(url, address, pool, receipts, tmp_path):
    receipt = receipts[0]
    path = tmp_path / "body"
    header = write_body(receipt, path)
    method = pool.FindServiceByName(SERVICE).FindMethodByName("ModelInfer")
    message = message_factory.GetMessageClass(method.input_type)
    tensor = {"name": "image", "datatype": "BYTES", "shape": [1]}
    request = message(
        model_name=MODEL,
        inputs=[tensor],
        outputs=[{"name": "text"}],
        raw_input_contents=[len(receipt).to_bytes(4, "little") + receipt],
    ).SerializeToString()
    deadline = time.monotonic() + SECONDS
    outcomes = Counter()

    def by_curl(protocol: str) -> None:
        while time.monotonic() < deadline:
            outcomes.update(curl(protocol, url, header, path))

    def by_grpc(_: str) -> None:
        # A channel of its own, and not one connection for all.
        with grpc.insecure_channel(address, [("grpc.use_local_subchannel_pool", 1)]) as channel:
            infer = channel.unary_unary(f"/{SERVICE}/ModelInfer")
            while time.monotonic() < deadline:
                try:
                    infer(request)
                    outcomes["gRPC OK"] += 1
                except grpc.RpcError as error:
                    outcomes[f"gRPC {error.code()} {error.details()}"] += 1

    lanes = itertools.chain.from_iterable([name] * count for name, count in LANES.items())
    threads = [
        threading.Thread(target=by_grpc if name == "gRPC" else by_curl, args=[name])
        for name in lanes
    ]
    assert len(threads) == 32
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(dict(outcomes))
    assert set(outcomes) == {"1.1 200 ", "2 200 ", "gRPC OK"}, outcomes
    assert min(outcomes.values()) > 100
