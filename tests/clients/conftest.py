"""What every client test needs: the running model's address and documents to send to it."""

import os
from pathlib import Path
from urllib.parse import urlsplit

import grpc
import numpy as np
import pytest
from google.protobuf.descriptor_pool import DescriptorPool
from grpc_reflection.v1alpha.proto_reflection_descriptor_database import (
    ProtoReflectionDescriptorDatabase,
)

ROOT = Path(__file__).parents[2]
MODEL = "ocr-model"
SERVICE = "inference.GRPCInferenceService"


@pytest.fixture(scope="session")
def url() -> str:
    return os.environ["MODEL_URL"]


@pytest.fixture(scope="session")
def address(url: str) -> str:
    """Host and port."""
    parts = urlsplit(url)
    return f"{parts.hostname}:{parts.port or 80}"


@pytest.fixture(scope="session")
def image() -> bytes:
    return (ROOT / "examples/invoice.png").read_bytes()


@pytest.fixture(scope="session")
def receipts() -> list[bytes]:
    """Documents that differ."""
    folder = Path(os.environ["DOCUMENTS"])
    return [path.read_bytes() for path in sorted(folder.glob("*.png"))]


@pytest.fixture(scope="session")
def channel(address: str):
    with grpc.insecure_channel(address) as channel:
        yield channel


@pytest.fixture(scope="session")
def database(channel: grpc.Channel) -> ProtoReflectionDescriptorDatabase:
    """What the server tells of its services."""
    return ProtoReflectionDescriptorDatabase(channel)


@pytest.fixture(scope="session")
def pool(database: ProtoReflectionDescriptorDatabase) -> DescriptorPool:
    return DescriptorPool(database)


def bytes_array(elements: list[bytes], shape: list[int]) -> np.ndarray:
    return np.array(elements, dtype=object).reshape(shape)


def assert_invoice(text: bytes | str) -> None:
    if isinstance(text, bytes):
        text = text.decode()
    assert text.startswith("Green Valley Seeds\n12 Orchard Lane, Millbrook\n"), text


def assert_same_messages(ours, theirs, names: list[str]) -> None:
    """Every field of a client's methods has the same number, type and repetition in ours."""
    for name in names:
        for side in ["input_type", "output_type"]:
            mine = fields_of(getattr(ours.FindMethodByName(name), side))
            for path, field in fields_of(getattr(theirs.FindMethodByName(name), side)).items():
                assert mine[path] == field, f"{name} {side} {path}"


def fields_of(message, path: str = "") -> dict[str, tuple]:
    fields = {}
    for field in message.fields:
        # KServe writes two names in camel case, which are the same on the wire.
        here = path + field.name.replace("isL", "is_l").replace("isU", "is_u")
        fields[here] = (field.number, field.type, field.is_repeated)
        if field.message_type:
            fields |= fields_of(field.message_type, f"{here}.")
    return fields
