"""Scripts that were written for the Python services before these go on as they are."""

import os

import requests

GATEWAY = os.environ["GATEWAY_URL"]


def test_a_form_with_an_image_file(image):
    files = {"image_file": ("invoice.png", image, "image/png")}
    answer = requests.post(f"{GATEWAY}/gateway/ocr", files=files, timeout=60)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    assert answer.json()["text"].startswith("Green Valley Seeds")


def test_a_form_without_one():
    answer = requests.post(f"{GATEWAY}/gateway/ocr", files={"other": b"x"}, timeout=60)
    assert answer.status_code == 400
    assert "image_file" in answer.json()["detail"]
