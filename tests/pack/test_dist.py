"""What a build leaves in `dist/`: hashes, bill of materials, policies; no trace of a machine."""

import base64
import gzip
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from dicom_veil.text.native import MODELS, model
from pack import fetch, pins, policy
from pack.editions import LINKER
from tests.pack.conftest import ROOT

# Where packages come from is a matter of the person's own pip and npm.
REGISTRIES = re.compile(rb"pypi\.org|pythonhosted\.org|registry\.npmjs|npmjs\.(org|com)")


def sums(dist: Path) -> dict[str, str]:
    lines = (dist / "SHA256SUMS").read_text().splitlines()
    return {name: digest for digest, _, name in (line.partition("  ") for line in lines)}


def locked(dist: Path) -> dict[str, dict[str, object]]:
    """The packages of the lock that the tab loads by."""
    (path,) = (dist / "site" / "parts").glob("pyodide-lock.json.*")
    packages: dict[str, dict[str, object]] = json.loads(gzip.decompress(path.read_bytes()))[
        "packages"
    ]
    return packages


def policy_of(path: Path) -> str:
    match = re.search(r'http-equiv="Content-Security-Policy" content="([^"]+)"', path.read_text())
    assert match
    return match[1].replace("&#x27;", "'")


def test_checksums_cover_every_file(dist: Path) -> None:
    files = {p.relative_to(dist).as_posix(): p for p in dist.rglob("*") if p.is_file()}
    del files["SHA256SUMS"]
    assert sums(dist) == {
        name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in files.items()
    }


def test_single_files_are_small_enough(dist: Path) -> None:
    """The models that read text make one larger; the other, without them, stays as it was."""
    assert (dist / "veil-lite.html").stat().st_size <= 30_000_000
    assert (dist / "veil.html").stat().st_size <= 56_000_000


def test_the_lite_edition_holds_no_models(dist: Path) -> None:
    parts = {
        name: set(re.findall(r'data-part="([^"]+)"', (dist / name).read_text()))
        for name in ("veil.html", "veil-lite.html", "site/index.html")
    }
    text = {"ort.mjs", "ort.wasm", "text-detect.onnx", "text-read.onnx", "ocr-worker.js"}
    assert parts["veil.html"] - parts["veil-lite.html"] == text
    assert parts["site/index.html"] == parts["veil.html"]
    models = {
        name: hashlib.sha256(gzip.decompress(path.read_bytes())).hexdigest()
        for name in ("text-detect.onnx", "text-read.onnx")
        for path in (dist / "site" / "parts").glob(f"{name}.*")
    }
    assert models == {
        f"text-{name}.onnx": hashlib.sha256(model(name)).hexdigest() for name in MODELS
    }
    worker = gzip.decompress(next((dist / "site" / "parts").glob("ocr-worker.js.*")).read_bytes())
    assert all(digest in worker.decode() for digest in models.values())


def test_bill_of_materials_names_every_part(dist: Path) -> None:
    bill = json.loads((dist / "sbom.cdx.json").read_text())
    components = {component["bom-ref"]: component for component in bill["components"]}
    for pin in pins.load().with_role("runtime", "page", "lazy", "text", "wheel"):
        (component,) = (c for c in components.values() if c["name"] == pin.name)
        assert component["version"] == pin.version
        assert component["licenses"] == [{"expression": pin.licence}]
        assert component["hashes"][0]["content"] == pin.digest.partition(":")[2]
    for part in (dist / "site" / "parts").iterdir():
        name = part.name.rpartition(".")[0]
        digest = hashlib.sha256(part.read_bytes()).hexdigest()
        assert components[f"part:{name}"]["hashes"] == [{"alg": "SHA-256", "content": digest}]


def test_lock_names_exactly_the_wheels_that_are_there(dist: Path) -> None:
    for package in locked(dist).values():
        (path,) = (dist / "site" / "parts").glob(f"{package['file_name']}.*")
        content = path.read_bytes()
        content = gzip.decompress(content) if content[:2] == b"\x1f\x8b" else content
        assert hashlib.sha256(content).hexdigest() == package["sha256"]
    wheels = [path for path in (dist / "site" / "parts").iterdir() if ".whl." in path.name]
    assert len(wheels) == len(locked(dist))


def test_single_file_runs_only_what_the_build_wrote(dist: Path) -> None:
    text = (dist / "veil.html").read_text()
    rule = policy_of(dist / "veil.html")
    scripts = re.findall(r"<script>(.*?)</script>", text, re.DOTALL)
    assert scripts == [LINKER.read_text()]
    assert policy.hash_source(scripts[0]) in rule
    assert "connect-src 'none'" in rule
    assert text.index("Content-Security-Policy") < text.index("<style")


@pytest.mark.parametrize("name", ["veil.html", "veil-lite.html", "site/index.html"])
def test_no_policy_allows_eval_or_inline(dist: Path, name: str) -> None:
    for rule in (policy_of(dist / name), policy.hosted_final()):
        assert "unsafe-inline" not in rule
        assert "'unsafe-eval'" not in rule
        assert "default-src 'none'" in rule


def test_final_policy_has_no_origin(dist: Path) -> None:
    assert "'self'" not in policy.hosted_final()
    assert "http" not in policy.hosted_final()
    assert "connect-src 'none'" in policy.hosted_final()


def test_hosted_references_carry_the_hash_of_what_they_name(dist: Path) -> None:
    text = (dist / "site" / "index.html").read_text()
    tags = re.findall(r'<(?:link|script)[^>]*(?:href|src)="([^"]+)" integrity="([^"]+)"', text)
    assert len(tags) >= 10
    for name, integrity in tags:
        digest = hashlib.sha256((dist / "site" / name).read_bytes()).digest()
        assert integrity == f"sha256-{base64.b64encode(digest).decode()}"


def test_nothing_of_this_machine_or_of_a_registry(dist: Path) -> None:
    machine = {str(ROOT).encode(), str(fetch.cache_folder()).encode(), str(Path.home()).encode()}
    for path in (path for path in dist.rglob("*") if path.is_file()):
        content = path.read_bytes()
        content = gzip.decompress(content) if content[:2] == b"\x1f\x8b" else content
        for word in machine - {b"/", b"/root"}:
            assert word not in content, f"{path.name} holds {word!r}"


def test_repository_names_no_registry() -> None:
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False
    ).stdout
    for name in filter(None, listed.decode().split("\0")):
        path = ROOT / name
        if path.is_file() and path != Path(__file__).resolve():
            assert not REGISTRIES.search(path.read_bytes()), name


def test_same_bytes_from_another_folder_without_a_network(dist: Path, tmp_path: Path) -> None:
    """The second build has only the verified files of the first one's cache, and no source."""
    copy, cache = tmp_path / "elsewhere", tmp_path / "cache"
    ignored = shutil.ignore_patterns("dist", ".git", "node_modules", "__pycache__", ".*_cache")
    shutil.copytree(ROOT, copy, ignore=ignored)
    shutil.copytree(fetch.cache_folder() / "files", cache / "files")
    cut = {
        "VEIL_CACHE": str(cache),
        "PIP_NO_INDEX": "1",
        "PIP_FIND_LINKS": "",
        "npm_config_offline": "true",
        "http_proxy": "http://127.0.0.1:9",
        "https_proxy": "http://127.0.0.1:9",
        "no_proxy": "",
    }
    done = subprocess.run(
        [sys.executable, "build.py"],
        cwd=copy,
        env={**os.environ, **cut},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert sums(copy / "dist") == sums(dist)


def test_a_wrong_part_stops_the_build_with_one_sentence(tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    (cache / "files").mkdir(parents=True)
    for path in (fetch.cache_folder() / "files").iterdir():
        (cache / "files" / path.name).symlink_to(path)
    damaged = cache / "files" / pins.load().by_name["numpy"].file
    content = bytearray(damaged.read_bytes())
    content[len(content) // 2] ^= 1
    damaged.unlink()
    damaged.write_bytes(content)
    done = subprocess.run(
        [sys.executable, "build.py", "--dist", str(tmp_path / "dist")],
        cwd=ROOT,
        env={**os.environ, "VEIL_CACHE": str(cache)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert damaged.name in done.stderr
    assert hashlib.sha256(content).hexdigest() in done.stderr
    assert not (tmp_path / "dist").exists()
