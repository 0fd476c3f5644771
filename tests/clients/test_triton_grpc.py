"""tritonclient over gRPC, and the typed contents that it does not send, by its own stubs."""

import json

import grpc
import numpy as np
import pytest
import tritonclient.grpc as triton
from conftest import MODEL, SERVICE, assert_invoice, assert_same_messages, bytes_array
from tritonclient.grpc import service_pb2, service_pb2_grpc
from tritonclient.utils import InferenceServerException


@pytest.fixture(scope="module")
def client(address):
    with triton.InferenceServerClient(address) as client:
        yield client


@pytest.fixture(scope="module")
def stub(channel):
    return service_pb2_grpc.GRPCInferenceServiceStub(channel)


def images(elements: list[bytes], shape: list[int]):
    tensor = triton.InferInput("image", shape, "BYTES")
    tensor.set_data_from_numpy(bytes_array(elements, shape))
    return [tensor]


def typed_request(*elements: bytes, **change):
    tensor = service_pb2.ModelInferRequest.InferInputTensor(
        name="image",
        datatype="BYTES",
        shape=[len(elements)],
        contents=service_pb2.InferTensorContents(bytes_contents=elements),
    )
    return service_pb2.ModelInferRequest(model_name=MODEL, inputs=[tensor], **change)


def test_health(client):
    assert client.is_server_live()
    assert client.is_server_ready()
    assert client.is_model_ready(MODEL, "1")
    with pytest.raises(InferenceServerException) as caught:
        client.is_model_ready("other")
    assert caught.value.status() == "StatusCode.NOT_FOUND"


def test_metadata(client):
    assert "binary_tensor_data" in client.get_server_metadata().extensions
    model = client.get_model_metadata(MODEL)
    assert (model.name, list(model.versions), model.platform) == (MODEL, ["1"], "tesseract")
    assert list(model.inputs[0].shape) == [-1]
    assert [output.name for output in model.outputs] == [
        *["text", "confidence", "document"],
        *["hocr", "tsv", "alto", "pdf", "page_count"],
    ]


def test_repository(client):
    (entry,) = client.get_model_repository_index().models
    assert (entry.name, entry.version, entry.state) == (MODEL, "1", "READY")
    client.load_model(MODEL)
    with pytest.raises(InferenceServerException, match="cannot be unloaded"):
        client.unload_model(MODEL)


@pytest.mark.parametrize("compression", [None, "gzip", "deflate"])
def test_raw_contents_are_answered_raw(client, image, compression):
    result = client.infer(MODEL, images([image], [1]), compression_algorithm=compression)
    assert_invoice(result.as_numpy("text")[0])
    assert result.as_numpy("confidence").dtype == np.float32
    assert result.as_numpy("page_count").tolist() == [1]
    response = result.get_response()
    assert len(response.raw_output_contents) == len(response.outputs) == 7
    assert not any(output.HasField("contents") for output in response.outputs)


def test_typed_contents_are_answered_typed(stub, image):
    response = stub.ModelInfer(typed_request(image, id="7"))
    assert response.id == "7" and not response.raw_output_contents
    text, confidence, document, *_ = (output.contents for output in response.outputs)
    assert_invoice(text.bytes_contents[0])
    assert 0.8 < confidence.fp32_contents[0] <= 1
    assert json.loads(document.bytes_contents[0])["pages"][0]["number"] == 1
    assert list(response.outputs[-1].contents.int_contents) == [1]


def test_uint8_typed_and_raw(stub, image):
    tensor = service_pb2.ModelInferRequest.InferInputTensor(
        name="image", datatype="UINT8", shape=[1, len(image)]
    )
    raw = service_pb2.ModelInferRequest(
        model_name=MODEL, inputs=[tensor], raw_input_contents=[image]
    )
    assert b"Green Valley" in stub.ModelInfer(raw).raw_output_contents[0]
    tensor.contents.uint_contents.extend(image)
    typed = service_pb2.ModelInferRequest(model_name=MODEL, inputs=[tensor])
    assert_invoice(stub.ModelInfer(typed).outputs[0].contents.bytes_contents[0])


@pytest.mark.parametrize("shape", [[4], [4, 1]])
def test_a_batch_comes_back_in_order(client, receipts, shape):
    alone = [client.infer(MODEL, images([one], [1])).as_numpy("text")[0] for one in receipts]
    assert len(set(alone)) == 4
    together = client.infer(MODEL, images(receipts, shape))
    assert list(together.as_numpy("text")) == alone


def test_the_id_comes_back(client, image):
    given = client.infer(MODEL, images([image], [1]), request_id="invoice-7").get_response()
    assert (given.id, given.model_name, given.model_version) == ("invoice-7", MODEL, "1")
    assert len(client.infer(MODEL, images([image], [1])).get_response().id) == 36


def test_outputs_and_options(client, image):
    outputs = [triton.InferRequestedOutput("document")]
    result = client.infer(
        MODEL, images([image], [1]), outputs=outputs, parameters={"psm": 6}, priority=1
    )
    assert json.loads(result.as_numpy("document")[0])["engine"]["psm"] == 6
    assert result.as_numpy("text") is None


@pytest.mark.parametrize(
    ("change", "status", "message"),
    [
        ({"model_name": "other"}, "NOT_FOUND", "ocr-model"),
        ({"model_version": "9"}, "NOT_FOUND", "version"),
        ({"parameters": {"psm": 99}}, "INVALID_ARGUMENT", "psm must be"),
        ({"outputs": [triton.InferRequestedOutput("words")]}, "INVALID_ARGUMENT", "confidence"),
        # Told by the client itself, or by the model if that is faster.
        ({"client_timeout": 0.001}, "DEADLINE_EXCEEDED", "Deadline|took longer"),
    ],
)
def test_errors_say_what_to_change(client, image, change, status, message):
    request = {"model_name": MODEL, "inputs": images([image], [1]), **change}
    with pytest.raises(InferenceServerException, match=message) as caught:
        client.infer(**request)
    assert caught.value.status() == f"StatusCode.{status}"


def test_an_error_in_a_batch_names_the_image(client, receipts):
    with pytest.raises(InferenceServerException, match="index 1 of the batch: The file is not") as caught:
        client.infer(MODEL, images([receipts[0], b"no image"], [2]))
    assert caught.value.status() == "StatusCode.INVALID_ARGUMENT"


def test_the_kind_of_an_error_is_in_the_trailers(stub):
    with pytest.raises(grpc.RpcError) as caught:
        stub.ModelInfer(typed_request(b""))
    assert caught.value.code() == grpc.StatusCode.INVALID_ARGUMENT
    assert ("ocr-error-kind", "invalid_request") in caught.value.trailing_metadata()


def test_a_message_beyond_the_limit_is_refused_and_the_channel_lives_on(stub, image):
    with pytest.raises(grpc.RpcError) as caught:
        stub.ModelInfer(typed_request(bytes(40 * 2**20)))
    assert caught.value.code() == grpc.StatusCode.RESOURCE_EXHAUSTED
    assert "28 MiB" in caught.value.details()
    assert stub.ModelInfer(typed_request(image)).outputs


def test_a_message_of_10_mib_is_taken(stub, image):
    # Bytes after the end of a PNG are no part of the picture. Libraries take 4 or 8 MiB by default.
    response = stub.ModelInfer(typed_request(image + bytes(10 * 2**20)))
    assert_invoice(response.outputs[0].contents.bytes_contents[0])


def test_a_cancelled_call_leaves_the_model_free(stub, image):
    calls = [stub.ModelInfer.future(typed_request(*[image] * 8)) for _ in range(4)]
    for call in calls:
        call.cancel()
    assert stub.ModelInfer(typed_request(image), timeout=5).outputs


def test_the_messages_are_those_of_the_client(pool):
    theirs = service_pb2.DESCRIPTOR.services_by_name["GRPCInferenceService"]
    names = ["ServerLive", "ServerReady", "ModelReady", "ServerMetadata", "ModelMetadata", "ModelInfer"]
    assert_same_messages(pool.FindServiceByName(SERVICE), theirs, [*names, "RepositoryIndex"])
