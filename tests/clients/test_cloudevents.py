"""The SDK of CloudEvents for Python sends documents in both modes, and understands what comes back."""

import base64
import os
import uuid

import pytest
import requests
from cloudevents.conversion import to_binary, to_structured
from cloudevents.http import CloudEvent, from_http

from conftest import assert_invoice

GATEWAY = os.environ["GATEWAY_URL"]
SUBMITTED = "dev.ocr.document.submitted"
RECOGNIZED = "dev.ocr.document.recognized"


def attributes(**more: str) -> dict[str, str]:
    return {"type": SUBMITTED, "source": "/python", "id": str(uuid.uuid4()), **more}


def send(message: tuple[dict, bytes], **headers: str) -> requests.Response:
    sent, body = message
    return requests.post(f"{GATEWAY}/events", headers={**sent, **headers}, data=body, timeout=60)


def reply_of(response: requests.Response) -> CloudEvent:
    assert response.status_code == 200, response.text
    return from_http(response.headers, response.content)


@pytest.mark.parametrize("write", [to_binary, to_structured])
def test_image(image: bytes, write):
    event = CloudEvent(
        attributes(datacontenttype="image/png", subject="invoice.png", ocrlang="eng"), image
    )
    reply = reply_of(send(write(event), prefer="reply"))
    assert reply["type"] == RECOGNIZED
    assert reply["subject"] == "invoice.png"
    assert reply["causationid"] == event["id"]
    assert_invoice(reply.data["text"])
    word = reply.data["pages"][0]["blocks"][0]["paragraphs"][0]["lines"][0]["words"][0]
    assert word["text"] == "Green"


@pytest.mark.parametrize("write", [to_binary, to_structured])
def test_json(image: bytes, write):
    data = {"file": base64.b64encode(image).decode(), "detail": "text"}
    event = CloudEvent(attributes(datacontenttype="application/json"), data)
    reply = reply_of(send(write(event), prefer="reply"))
    assert reply.data["detail"] == "text"
    assert_invoice(reply.data["text"])


def test_both_modes_of_an_event_have_one_reply(image: bytes):
    event = CloudEvent(attributes(datacontenttype="image/png"), image)
    replies = [
        reply_of(send(write(event), prefer="reply"))
        for write in (to_binary, to_structured)
    ]
    assert replies[0]["id"] == replies[1]["id"]
    assert replies[0].data == replies[1].data


def test_no_reply_unless_asked(image: bytes):
    response = send(to_binary(CloudEvent(attributes(), image)))
    assert (response.status_code, response.content) == (202, b"")


def test_poison():
    event = CloudEvent(attributes(datacontenttype="image/png"), b"no image")
    response = send(to_structured(event), prefer="reply")
    assert response.status_code == 415
    assert response.json()["code"] == "unsupported_media"
