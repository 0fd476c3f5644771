"""tritonclient over HTTP, as its documentation uses it."""

import base64
import json

import numpy as np
import pytest
import tritonclient.http as triton
from conftest import MODEL, assert_invoice, bytes_array
from tritonclient.utils import InferenceServerException


@pytest.fixture(scope="module")
def client(address):
    with triton.InferenceServerClient(address, concurrency=8) as client:
        yield client


def images(elements: list[bytes], shape: list[int], binary_data: bool = True):
    tensor = triton.InferInput("image", shape, "BYTES")
    tensor.set_data_from_numpy(bytes_array(elements, shape), binary_data=binary_data)
    return [tensor]


def test_health(client):
    assert client.is_server_live()
    assert client.is_server_ready()
    assert client.is_model_ready(MODEL)
    assert client.is_model_ready(MODEL, "1")
    assert not client.is_model_ready(MODEL, "2")
    assert not client.is_model_ready("other")


def test_metadata(client):
    server = client.get_server_metadata()
    assert server["name"] == MODEL
    assert "binary_tensor_data" in server["extensions"]
    model = client.get_model_metadata(MODEL)
    assert (model["name"], model["versions"], model["platform"]) == (MODEL, ["1"], "tesseract")
    assert model["inputs"] == [{"name": "image", "datatype": "BYTES", "shape": [-1]}]
    outputs = ["text", "confidence", "document", "hocr", "tsv", "alto", "pdf", "page_count"]
    assert [output["name"] for output in model["outputs"]] == outputs
    assert {"lang", "psm", "profile", "pages", "rotate"} <= set(model["parameters"])


def test_repository(client):
    (entry,) = client.get_model_repository_index()
    assert (entry["name"], entry["version"], entry["state"]) == (MODEL, "1", "READY")
    client.load_model(MODEL)
    with pytest.raises(InferenceServerException, match="without parameters"):
        client.load_model(MODEL, config="{}")
    with pytest.raises(InferenceServerException, match="cannot be unloaded"):
        client.unload_model(MODEL)


def test_binary_is_the_default_both_ways(client, image):
    result = client.infer(MODEL, images([image], [1]))
    (text,) = result.as_numpy("text")
    assert_invoice(text)
    assert 0.8 < result.as_numpy("confidence")[0] <= 1
    assert json.loads(result.as_numpy("document")[0])["text"] == text.decode()
    sizes = [output["parameters"]["binary_data_size"] for output in result.get_response()["outputs"]]
    assert sizes[0] == 4 + len(text) and sizes[1] == 4


@pytest.mark.parametrize("binary_data", [True, False])
def test_each_output_comes_as_it_is_wanted(client, image, binary_data):
    outputs = [
        triton.InferRequestedOutput("confidence", binary_data=not binary_data),
        triton.InferRequestedOutput("text", binary_data=binary_data),
    ]
    result = client.infer(MODEL, images([image], [1]), outputs=outputs)
    heads = {output["name"]: output for output in result.get_response()["outputs"]}
    assert list(heads) == ["confidence", "text"]
    assert ("data" in heads["text"]) is not binary_data
    assert ("data" in heads["confidence"]) is binary_data
    assert_invoice(result.as_numpy("text")[0])
    assert result.as_numpy("confidence").dtype == np.float32


def test_pages_are_counted_without_being_read(client, receipts):
    for binary_data in [True, False]:
        outputs = [triton.InferRequestedOutput("page_count", binary_data=binary_data)]
        result = client.infer(MODEL, images(receipts, [4]), outputs=outputs)
        counts = result.as_numpy("page_count")
        assert (counts.dtype, counts.tolist()) == (np.int32, [1, 1, 1, 1])
        assert result.as_numpy("text") is None


def test_json_takes_base64(client, image):
    encoded = base64.b64encode(image)
    result = client.infer(MODEL, images([encoded], [1], binary_data=False))
    assert_invoice(result.as_numpy("text")[0])


def test_uint8_is_the_bytes_of_a_file(client, image):
    tensor = triton.InferInput("image", [len(image)], "UINT8")
    tensor.set_data_from_numpy(np.frombuffer(image, dtype=np.uint8))
    assert_invoice(client.infer(MODEL, [tensor]).as_numpy("text")[0])


@pytest.mark.parametrize("sent", [None, "gzip", "deflate"])
@pytest.mark.parametrize("wanted", [None, "gzip", "deflate"])
def test_compression(client, image, sent, wanted):
    result = client.infer(
        MODEL,
        images([image], [1]),
        request_compression_algorithm=sent,
        response_compression_algorithm=wanted,
    )
    assert_invoice(result.as_numpy("text")[0])


@pytest.mark.parametrize("shape", [[4], [4, 1]])
def test_a_batch_comes_back_in_order(client, receipts, shape):
    alone = [client.infer(MODEL, images([one], [1])).as_numpy("text")[0] for one in receipts]
    assert len(set(alone)) == len(receipts) == 4
    together = client.infer(MODEL, images(receipts, shape))
    assert list(together.as_numpy("text")) == alone
    assert together.as_numpy("confidence").shape == (4,)


def test_requests_in_parallel(client, receipts):
    alone = [client.infer(MODEL, images([one], [1])).as_numpy("text")[0] for one in receipts]
    waiting = [client.async_infer(MODEL, images([one], [1])) for one in receipts * 4]
    assert [one.get_result().as_numpy("text")[0] for one in waiting] == alone * 4


def test_the_id_comes_back(client, image):
    given = client.infer(MODEL, images([image], [1]), request_id="invoice-7").get_response()
    assert (given["id"], given["model_name"], given["model_version"]) == ("invoice-7", MODEL, "1")
    made = client.infer(MODEL, images([image], [1]), model_version="1").get_response()
    assert len(made["id"]) == 36


def test_options_are_parameters_and_reserved_ones_are_tolerated(client, image):
    result = client.infer(
        MODEL,
        images([image], [1]),
        parameters={"psm": 6, "lang": "eng"},
        priority=1,
        timeout=1_000_000,
        sequence_id=5,
        sequence_start=True,
    )
    document = json.loads(result.as_numpy("document")[0])
    assert (document["engine"]["psm"], document["engine"]["lang"]) == (6, "eng")


@pytest.mark.parametrize(
    ("change", "status", "message"),
    [
        ({"model_name": "other"}, "404", "ocr-model"),
        ({"model_version": "9"}, "404", "version"),
        ({"parameters": {"psm": 99}}, "400", "psm must be"),
        ({"parameters": {"lang": "xyz"}}, "400", "Installed: .*eng"),
        ({"outputs": [triton.InferRequestedOutput("words")]}, "400", "text, confidence, document"),
    ],
)
def test_errors_say_what_to_change(client, image, change, status, message):
    request = {"model_name": MODEL, "inputs": images([image], [1]), **change}
    with pytest.raises(InferenceServerException, match=message) as caught:
        client.infer(**request)
    assert caught.value.status() == status


def test_an_error_in_a_batch_names_the_image(client, receipts):
    broken = [receipts[0], receipts[1], b"no image", receipts[3]]
    with pytest.raises(InferenceServerException, match="index 2") as caught:
        client.infer(MODEL, images(broken, [4]))
    assert caught.value.status() == "415"
