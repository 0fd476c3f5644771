"""A client that has no .proto: everything it knows, it has from the server."""

import grpc
import pytest
from conftest import MODEL, SERVICE, assert_invoice
from google.protobuf import message_factory


def call(channel, pool, path: str, **fields):
    service, name = path.split("/")
    method = pool.FindServiceByName(service).FindMethodByName(name)
    request = message_factory.GetMessageClass(method.input_type)
    response = message_factory.GetMessageClass(method.output_type)
    invoke = channel.unary_unary(
        f"/{path}", request.SerializeToString, response.FromString
    )
    return invoke(request(**fields))


def test_lists_the_services(database):
    assert set(database.get_services()) == {
        SERVICE,
        "grpc.health.v1.Health",
        "grpc.reflection.v1.ServerReflection",
    }


def test_runs_model_infer(channel, pool, image):
    tensor = {
        "name": "image",
        "datatype": "BYTES",
        "shape": [1],
        "contents": {"bytes_contents": [image]},
    }
    response = call(channel, pool, f"{SERVICE}/ModelInfer", model_name=MODEL, inputs=[tensor])
    assert_invoice(response.outputs[0].contents.bytes_contents[0])


def test_checks_the_health(channel, pool):
    for service in ["", SERVICE]:
        assert call(channel, pool, "grpc.health.v1.Health/Check", service=service).status == 1
    with pytest.raises(grpc.RpcError) as caught:
        call(channel, pool, "grpc.health.v1.Health/Check", service="other")
    assert caught.value.code() == grpc.StatusCode.NOT_FOUND


def test_an_unknown_method_is_unimplemented(channel):
    with pytest.raises(grpc.RpcError) as caught:
        channel.unary_unary(f"/{SERVICE}/Nothing")(b"")
    assert caught.value.code() == grpc.StatusCode.UNIMPLEMENTED
