"""The document of the API is true: every example in it runs, and every reply is what its schema says, both ways."""

import base64
import itertools
import re

import orjson
import pytest
from PIL import Image, ImageDraw

import app as package
from app.api.openapi import FORTY_TWO, SEVEN, SEVEN_PIXELS
from tests.app.conftest import encoded

KINDS = {
    "string": str,
    "integer": int,
    "number": int | float,
    "boolean": bool,
    "array": list,
    "object": dict,
    "null": type(None),
}
BATCH, BLANK = {"images": [SEVEN, SEVEN]}, {"pixels": [0] * 784}
TENSOR = {"name": "pixels", "datatype": "UINT8", "shape": [1, 784], "data": SEVEN_PIXELS}
CLASSES = {"inputs": [TENSOR], "parameters": {"classification": 3}}
BINARY = {"inputs": [TENSOR], "outputs": [{"name": "hidden1", "parameters": {"binary_data": True}}]}


def ones_or_sevens():
    """Two digits, each a one or a seven, and a dot that is none; in base64."""
    image = Image.new("L", (100, 60), 255)
    pen = ImageDraw.Draw(image)
    for x in (25, 65):
        pen.line(((x - 14, 20), (x, 10), (x - 4, 50)), fill=0, width=4)
    pen.ellipse((38, 46, 42, 50), fill=0)
    return base64.b64encode(encoded(image)).decode()


# Beside the document's own examples, requests whose replies have other keys: (documented path, path, body).
MORE = [
    *((path, path, body) for path in ("/predict", "/explain", "/training/judge") for body in (BATCH, BLANK)),
    ("/predict", "/predict?activations=false", BLANK),
    ("/read", "/read?activations=true&segmentation=true", {"image": FORTY_TWO}),
    ("/read", "/read", BLANK),
    ("/read", "/read", {"image": ones_or_sevens()}),
    *((path, path, {"image": FORTY_TWO}) for path in ("/predict", "/explain")),
    ("/model/gallery/{which}", "/model/gallery/typical", None),
    ("/training/mistakes/{true}/{answer}", "/training/mistakes/9/9", None),
    ("/model/weights/{layer}", "/model/weights/9", None),
    ("/v2/models/{model}/infer", "/v2/models/digits/infer", BINARY),
    ("/v2/models/{model}/infer", "/v2/models/digits/infer", CLASSES),
    ("/v2/models/{model}/stats", "/v2/models/digits/stats", None),
    ("/v2/models/{model}/infer", "/v2/models/digits/infer", {}),
]


class Checker:
    """Compares values with schemas; keeps which properties of which schema it has seen."""

    def __init__(self, document):
        self.named, self.seen = document["components"]["schemas"], set()

    def faults(self, value, schema, where):
        """What is wrong with a value, a sentence each."""
        if "$ref" in schema:
            schema = self.named[schema["$ref"].rpartition("/")[2]]
        if options := schema.get("anyOf"):
            return min((self.faults(value, option, where) for option in options), key=len)
        kind = schema.get("type")
        if kind and (not isinstance(value, KINDS[kind]) or (isinstance(value, bool) and kind != "boolean")):
            return [f"{where}: {value!r:.40} is no {kind}"]
        if isinstance(value, dict):
            return self.object_faults(value, schema, where)
        if isinstance(value, list):
            return self.list_faults(value, schema, where)
        right = value in schema.get("enum", [value]) and (
            kind not in {"number", "integer"} or schema.get("minimum", value) <= value <= schema.get("maximum", value)
        )
        return [] if right else [f"{where}: {value!r:.40} is not allowed"]

    def object_faults(self, value, schema, where):
        name, properties = schema.get("title", where), dict(schema.get("properties", {}))
        for pattern, of_pattern in schema.get("patternProperties", {}).items():
            properties |= {key: of_pattern for key in value if re.match(pattern, key)}
        others = schema.get("additionalProperties", not properties)
        self.seen |= {(name, key) for key in value}
        faults = [f"{name} lacks {key}" for key in schema.get("required", ()) if key not in value]
        faults += [f"{name}: {key} is not documented" for key in value if key not in properties and not others]
        other = others if isinstance(others, dict) else {}
        return faults + [
            fault for key, part in value.items() for fault in self.faults(part, properties.get(key, other), key)
        ]

    def list_faults(self, value, schema, where):
        if not schema.get("minItems", 0) <= len(value) <= schema.get("maxItems", len(value)):
            return [f"{where} has {len(value)} items"]
        schemas = schema.get("prefixItems") or itertools.repeat(schema.get("items", {}), len(value))
        return [fault for pair in zip(value, schemas, strict=True) for fault in self.faults(*pair, where)]


@pytest.fixture
def document(client):
    return client.get("/openapi.json").json()


def url(path, operation, recognizer):
    """A path, with the examples of its parameters and of the query."""
    query = []
    for parameter in operation.get("parameters", ()):
        examples = [each["value"] for each in parameter.get("examples", {}).values()]
        examples += parameter["schema"].get("examples", [])
        if parameter["in"] == "query" and examples:
            query.append(f"{parameter['name']}={examples[0]}")
        elif parameter["in"] == "path":
            value = examples[0] if examples else recognizer.network.fingerprint
            path = path.replace(f"{{{parameter['name']}}}", str(value))
    return f"{path}?{'&'.join(query)}"


def examples(document, recognizer):
    """The requests that the document gives as examples: (documented path, path, body)."""
    for path, operations in document["paths"].items():
        (operation,) = operations.values()
        content = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
        bodies = [each["value"] for each in content.get("examples", {}).values()] or [content.get("example")]
        yield from ((path, url(path, operation, recognizer), body) for body in bodies)


def test_every_example_runs_and_every_reply_is_what_its_schema_says(client, document, recognizer):
    checker = Checker(document)
    given = list(examples(document, recognizer))
    for path, asked, body in given + MORE:
        ((method, operation),) = document["paths"][path].items()
        reply = client.request(method, asked, json=body)
        assert reply.status_code == 200 or (path, asked, body) in MORE, f"{asked}: {reply.text}"
        kind = reply.headers["content-type"].partition(";")[0]
        head = int(reply.headers.get("inference-header-content-length", 0))  # of JSON, before bytes
        kind = "application/json" if head else kind
        schema = operation["responses"][str(reply.status_code)]["content"][kind]["schema"]
        assert schema, f"{path} says nothing of its reply"
        if kind.endswith("json"):
            assert checker.faults(orjson.loads(reply.content[: head or None]), schema, asked) == []
    schemas = document["components"]["schemas"].items()
    properties = {(name, key) for name, schema in schemas for key in schema["properties"]}
    assert properties - checker.seen == set(), "no reply has these"


def test_a_problem_is_what_its_schema_says(fresh, document):
    schema = document["paths"]["/predict"]["post"]["responses"]["503"]["content"]["application/problem+json"]["schema"]
    checker = Checker(document)
    for path in ("/nothing", "/fault"):
        assert checker.faults(fresh.get(path).json(), schema, path) == []
    assert {(schema["title"], key) for key in schema["properties"]} == checker.seen


def test_a_reply_of_bytes_is_not_documented_as_json(document):
    for path in ("/model/weights/{layer}", "/model/biases/{layer}", "/training/weights/{stage}"):
        assert list(document["paths"][path]["get"]["responses"]["200"]["content"]) == ["application/octet-stream"]


def test_the_document_of_the_api_describes_every_form_and_error(client):
    document = client.get("/openapi.json").json()
    predict = document["paths"]["/predict"]["post"]
    kinds = {"image/png", "image/jpeg", "image/webp", "multipart/form-data", "application/json"}
    assert set(predict["requestBody"]["content"]) == kinds
    assert {"200", "400", "413", "415", "422"} <= set(predict["responses"])
    schema = predict["responses"]["400"]["content"]["application/problem+json"]["schema"]
    assert schema["required"] == ["type", "title", "status", "detail"]
    assert document["info"]["version"] == package.__version__


def test_every_refusal_is_documented_as_a_problem(client):
    """Where a route says nothing, FastAPI documents a shape of its own, which no reply of ours has."""
    paths = client.get("/openapi.json").json()["paths"]
    documented = [
        (path, status, list(reply["content"]))
        for path, operations in paths.items()
        for operation in operations.values()
        for status, reply in operation["responses"].items()
        if not path.startswith("/v2") and int(status) >= 400
    ]
    assert len(documented) > 20
    assert [where for where in documented if where[2] != ["application/problem+json"]] == []
