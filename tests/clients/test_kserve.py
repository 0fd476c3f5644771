"""KServe's own client, over HTTP and gRPC."""

import asyncio
import base64

import pytest
from conftest import MODEL, SERVICE, assert_invoice, assert_same_messages, bytes_array
from kserve import InferenceRESTClient, InferInput, InferRequest, RESTConfig
from kserve.inference_client import InferenceGRPCClient
from kserve.protocol.grpc import grpc_predict_v2_pb2


def with_rest_client(protocol: str, use):
    async def main():
        async with InferenceRESTClient(RESTConfig(protocol=protocol, timeout=30)) as client:
            return await use(client)

    return asyncio.run(main())


def request(image: bytes, **parameters) -> InferRequest:
    tensor = InferInput("image", [1], "BYTES")
    tensor.set_data_from_numpy(bytes_array([image], [1]), binary_data=True)
    return InferRequest(MODEL, [tensor], request_id="kserve-1", parameters=parameters)


def test_health(url):
    async def use(client):
        return (
            await client.is_server_live(url),
            await client.is_server_ready(url),
            await client.is_model_ready(url, MODEL),
            await client.is_model_ready(url, "other"),
        )

    assert with_rest_client("v2", use) == (True, True, True, False)


def test_v2_binary(url, image):
    response = with_rest_client(
        "v2", lambda client: client.infer(url, request(image), model_name=MODEL)
    )
    assert (response.id, response.model_name) == ("kserve-1", MODEL)
    outputs = {output.name: output for output in response.outputs}
    assert_invoice(outputs["text"].as_numpy()[0])
    assert 0.8 < outputs["confidence"].as_numpy()[0] <= 1


def test_v2_binary_outputs(url, image):
    response = with_rest_client(
        "v2",
        lambda client: client.infer(
            url, request(image, binary_data_output=True), model_name=MODEL
        ),
    )
    outputs = {output.name: output for output in response.outputs}
    assert_invoice(outputs["text"].as_numpy()[0])
    assert 0.8 < outputs["confidence"].as_numpy()[0] <= 1


def test_v1_is_the_default_protocol(url, image):
    text = base64.b64encode(image).decode()
    instances = [{"b64": text}, {"image": {"b64": text}}, text]

    async def use(client):
        assert await client.is_model_ready(url, MODEL)
        return await client.infer(url, {"instances": instances}, model_name=MODEL)

    predictions = with_rest_client("v1", use)["predictions"]
    assert len(predictions) == len(instances)
    for prediction in predictions:
        assert_invoice(prediction["text"])


def test_the_error_message_reaches_the_caller(url):
    with pytest.raises(Exception, match="not a supported image"):
        with_rest_client(
            "v2", lambda client: client.infer(url, request(b"no image"), model_name=MODEL)
        )


def test_grpc(address, image):
    async def main():
        client = InferenceGRPCClient(address)
        ready = (await client.is_server_ready(), await client.is_model_ready(MODEL))
        response = await client.infer(request(image))
        await client.close()
        return ready, response

    ready, response = asyncio.run(main())
    assert ready == (True, True)
    outputs = {output.name: output for output in response.outputs}
    assert_invoice(outputs["text"].as_numpy()[0])
    assert 0.8 < outputs["confidence"].as_numpy()[0] <= 1


def test_the_messages_are_those_of_the_client(pool):
    theirs = grpc_predict_v2_pb2.DESCRIPTOR.services_by_name["GRPCInferenceService"]
    names = [method.name for method in theirs.methods]
    assert len(names) == 8
    assert_same_messages(pool.FindServiceByName(SERVICE), theirs, names)
