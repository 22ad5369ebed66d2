"""What a build was made of and what it made: `SHA256SUMS` and a CycloneDX bill of materials."""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

from .pins import Pin

NAMES = ("SHA256SUMS", "sbom.cdx.json")
# Parts inside pinned archives that are works of their own.
INSIDE = (
    {"name": "cpython", "version": "3.14.0", "licence": "PSF-2.0", "inside": "pyodide"},
    {"name": "emscripten", "version": "5.0.3", "licence": "MIT", "inside": "pyodide"},
)


def checksums(files: Mapping[str, bytes]) -> bytes:
    """Lines as `sha256sum --check` reads them."""
    lines = (
        f"{hashlib.sha256(content).hexdigest()}  {name}" for name, content in sorted(files.items())
    )
    return ("\n".join(lines) + "\n").encode()


def bill(
    version: str,
    build: str,
    pins: tuple[Pin, ...],
    core: tuple[str, bytes],
    parts: Mapping[str, bytes],
) -> bytes:
    """CycloneDX 1.6: every part with version, licence and hash; no date, so that it reproduces.

    `pins` are listed by the hash of the file that was fetched; `parts` (what the tab loads) as
    files by the hash of what the build made of them.
    """
    components = [_pinned(pin) for pin in pins]
    components += [_component(**part) for part in INSIDE]
    components.append(
        {
            **_component("dicom-veil", version, "", ""),
            "hashes": [_sha256(core[1])],
            "properties": [{"name": "veil:file", "value": core[0]}],
        }
    )
    components += [
        {"type": "file", "bom-ref": f"part:{name}", "name": name, "hashes": [_sha256(content)]}
        for name, content in parts.items()
    ]
    document = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": "veil",
                "name": "veil",
                "version": f"{version}+{build}",
            }
        },
        "components": components,
    }
    return (json.dumps(document, indent=1) + "\n").encode()


def write(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write `files` below `folder`."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def _component(
    name: str, version: str, licence: str, inside: str, ecosystem: str = "pypi"
) -> dict[str, object]:
    kind = "generic" if inside else ecosystem
    reference = f"pkg:{kind}/{name.replace('@', '%40')}@{version}"
    component: dict[str, object] = {
        "type": "library",
        "bom-ref": reference,
        "name": name,
        "version": version,
        "purl": reference,
    }
    if licence:
        component["licenses"] = [{"expression": licence}]
    if inside:
        component["properties"] = [{"name": "veil:inside", "value": inside}]
    return component


def _pinned(pin: Pin) -> dict[str, object]:
    algorithm, _, value = pin.digest.partition(":")
    name = {"sha256": "SHA-256", "sha512": "SHA-512"}[algorithm]
    ecosystem = "npm" if pin.file.endswith(".tgz") else "pypi"
    notes = "; ".join(f"{change['file']}: {change['why']}" for change in pin.changes)
    return {
        **({"pedigree": {"notes": f"Changed by the build. {notes}"}} if notes else {}),
        **_component(pin.name, pin.version, pin.licence, "", ecosystem),
        "hashes": [{"alg": name, "content": value}],
        "properties": [
            {"name": "veil:file", "value": pin.file},
            {"name": "veil:role", "value": pin.role},
        ],
    }


def _sha256(content: bytes) -> dict[str, str]:
    return {"alg": "SHA-256", "content": hashlib.sha256(content).hexdigest()}
