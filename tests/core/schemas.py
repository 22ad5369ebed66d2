"""Validators of profile files and reports, from the JSON Schemas that come with the package."""

import json
from functools import cache
from importlib.resources import files
from typing import Any

import jsonschema
import referencing


def schema(name: str) -> Any:
    text = (files("dicom_veil") / "data" / f"{name}.schema.json").read_text(encoding="utf-8")
    return json.loads(text)


@cache
def validator(name: str) -> jsonschema.Draft202012Validator:
    """The validator of `profile` or `report`."""
    known = [referencing.Resource.from_contents(schema(each)) for each in ("profile", "report")]
    registry: Any = referencing.Registry().with_resources(
        [(str(resource.id()), resource) for resource in known]
    )
    return jsonschema.Draft202012Validator(schema(name), registry=registry)


def mistakes(name: str, document: Any) -> list[str]:
    """Where a document breaks its schema; empty when it does not."""
    return [
        f"{error.json_path}: {error.message}" for error in validator(name).iter_errors(document)
    ]
