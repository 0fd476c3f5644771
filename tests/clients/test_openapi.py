"""Lets schemathesis make requests of the gateway's description, and holds the answers against it."""

import base64
import json
import os

import schemathesis
from conftest import ROOT
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

URL = os.environ["GATEWAY_URL"]
EXAMPLE = json.loads((ROOT / "functions/contract/examples/ocr-request.json").read_text())
IMAGE = base64.b64decode(EXAMPLE["file"])
# Not whether what fits the schema is taken: the schema cannot say what an image is.
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    unsupported_method,
]


@schemathesis.serializer("application/pdf", "image/tiff", "image/webp", "image/gif")
def as_it_is(_context, value):
    return value if isinstance(value, bytes) else str(value).encode()


schema = schemathesis.openapi.from_url(f"{URL}/openapi.json")
many = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


@schema.parametrize()
@many
def test_whatever_is_sent(case):
    case.call_and_validate(checks=[*CHECKS, negative_data_rejection])


def with_image(body, media_type: str):
    """The same request with a real image in it."""
    if media_type == "application/json":
        return {**body, "file": EXAMPLE["file"]} if isinstance(body, dict) else body
    if media_type != "multipart/form-data":
        return IMAGE
    if not isinstance(body, dict):
        return body
    name = "image_file" if "image_file" in body else "file"
    return {**body, name: IMAGE}


@schema.include(method="POST").parametrize()
@many
def test_whatever_is_asked_of_an_image(case):
    case.body = with_image(case.body, case.media_type)
    case.call_and_validate(checks=CHECKS)
