"""Documents in a store that speaks S3, fetched by the gateway that is sent no more than where they are."""

import os
import subprocess
import sys
import time
import uuid
from urllib.parse import quote

import boto3
import pytest
import requests
from botocore.exceptions import EndpointConnectionError
from conftest import assert_invoice

URL = os.environ["GATEWAY_URL"]
PORT = os.environ["S3_PORT"]
BUCKET = "documents"


@pytest.fixture(scope="module")
def store():
    """A store with the bucket that the gateway may fetch from, and one that it may not."""
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", PORT]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        client = boto3.client(
            "s3",
            endpoint_url=f"http://127.0.0.1:{PORT}",
            region_name="us-east-1",
            aws_access_key_id="key",
            aws_secret_access_key="secret",
        )
        wait_for(client, server)
        for bucket in [BUCKET, "secrets"]:
            client.create_bucket(Bucket=bucket)
        yield client
    finally:
        server.kill()
        server.wait()


def wait_for(client, server: subprocess.Popen) -> None:
    give_up = time.monotonic() + 30
    while True:
        try:
            client.list_buckets()
            return
        except EndpointConnectionError:
            assert server.poll() is None, "the store did not start"
            assert time.monotonic() < give_up, "the store did not answer within 30 s"
            time.sleep(0.1)


def submit(dataref: str, **options) -> requests.Response:
    """Sends an event with a reference, as a broker does."""
    headers = {
        "ce-specversion": "1.0",
        "ce-id": str(uuid.uuid4()),
        "ce-source": "/tests/clients",
        "ce-type": "dev.ocr.document.submitted",
        "prefer": "reply",
    }
    data = {"dataref": dataref, **options}
    return requests.post(f"{URL}/events", headers=headers, json=data, timeout=60)


def assert_recognized(response: requests.Response) -> dict:
    assert response.status_code == 200, response.text
    assert response.headers["ce-type"] == "dev.ocr.document.recognized"
    return response.json()


def test_an_event_is_to_be_sent_again_while_the_store_is_away():
    # The first test, and so without the store, which the others start.
    response = submit(f"s3://{BUCKET}/invoice.png")
    assert response.status_code == 503, response.text
    assert response.json()["code"] == "reference_unavailable"
    assert int(response.headers["retry-after"]) > 0


@pytest.mark.parametrize("key", ["invoice.png", "in/2026/an invoice ä+ü 100%?#1.png", "/a//b"])
def test_a_document_is_read_out_of_the_store(store, image, key):
    store.put_object(Bucket=BUCKET, Key=key, Body=image)
    assert_invoice(assert_recognized(submit(f"s3://{BUCKET}/{quote(key)}"))["text"])


def test_a_document_in_parts_with_checksums_is_read(store, image):
    upload = {"Bucket": BUCKET, "Key": "parts.png", "ChecksumAlgorithm": "SHA256"}
    id = store.create_multipart_upload(**upload)["UploadId"]
    part = store.upload_part(**upload, UploadId=id, PartNumber=1, Body=image)
    parts = [{name: part[name] for name in ["ETag", "ChecksumSHA256"]} | {"PartNumber": 1}]
    store.complete_multipart_upload(
        Bucket=BUCKET, Key="parts.png", UploadId=id, MultipartUpload={"Parts": parts}
    )
    assert_invoice(assert_recognized(submit(f"s3://{BUCKET}/parts.png"))["text"])


def test_options_go_with_the_reference(store, image):
    store.put_object(Bucket=BUCKET, Key="invoice.png", Body=image)
    response = submit(f"s3://{BUCKET}/invoice.png", lang="xyz")
    assert response.status_code == 400, response.text
    assert response.json()["code"] == "unknown_language"


@pytest.mark.parametrize(
    "dataref",
    [
        f"s3://{BUCKET}/nothing.png",
        "s3://secrets/invoice.png",
        f"s3://{BUCKET}/..%2Fsecrets/invoice.png",
        f"s3://{BUCKET}",
        f"http://127.0.0.1:{PORT}/{BUCKET}/invoice.png",
    ],
)
def test_what_may_not_be_fetched_is_refused_for_good(store, image, dataref):
    for bucket in [BUCKET, "secrets"]:
        store.put_object(Bucket=bucket, Key="invoice.png", Body=image)
    response = submit(dataref)
    assert response.status_code == 422, response.text
    assert response.json()["code"] == "reference_refused"


def test_a_document_beyond_the_limit_is_refused(store):
    store.put_object(Bucket=BUCKET, Key="large", Body=bytes(20 * 2**20 + 1))
    response = submit(f"s3://{BUCKET}/large")
    assert response.status_code == 413, response.text
    assert response.json()["code"] == "payload_too_large"
