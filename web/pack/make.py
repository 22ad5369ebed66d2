"""The whole build: pinned parts in, `dist/` out."""

import gzip
import shutil
import tomllib
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

from dicom_veil.text.leaner import leaner

from . import editions, fetch, keep, ledger, link, npm, pins, tab, wheel

ENTRY = "main.js"
OWN = ("boot.py", "later.py", "worker.js")  # of web/, not page modules but parts of the worker
LATER = ("video/encoding.js",)  # of web/, workers that the page makes when it first needs them
TEXT = ("ocr-worker.js",)  # of web/, what runs the models that read text
MODELS = {"text-detect.onnx": "detect", "text-read.onnx": "read"}
LEANER = ("graph.py", "leaner.py", "takes.py", "detector.py")  # of text/, what changes models
SHIPPED = ("runtime", "page", "lazy", "text", "wheel")  # roles of the pins that end up in dist/


def make(root: Path, dist: Path, cache: Path, page: Path | None = None) -> list[str]:
    """Build everything; returns the names of the files below `dist`.

    `page` is the folder that holds `index.html`, `main.js` and `style/`, if it is not `root/web`.
    """
    page = page or root / "web"
    pinned = pins.load()
    files = {
        pin.name: fetch.obtain(pinned, pin, cache) for pin in pinned.with_role(*SHIPPED, "builder")
    }
    core = wheel.core_wheel(root)
    sources = tab.Sources(
        runtime=files["pyodide"],
        wheels=tuple(files[pin.name] for pin in pinned.with_role("wheel")),
        builder=tuple(files[pin.name] for pin in pinned.with_role("builder")),
        core=core,
        own={name: (root / "web" / name).read_bytes() for name in OWN},
    )
    parts = tab.python_parts(sources, cache) | _later(root / "web", LATER, pinned, files, "lazy")
    text = _text(root, pinned, files, cache)
    packages = npm.Packages((pin, files[pin.name]) for pin in pinned.with_role("page"))
    assembled = _page(page, root / "web", packages, parts, text)
    made = {
        "veil.html": editions.single_file(assembled),
        "veil-lite.html": editions.single_file(assembled.lite()),
    }
    made |= {f"site/{name}": content for name, content in editions.site(assembled).items()}
    version = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    shipped = pinned.with_role(*SHIPPED)
    made["sbom.cdx.json"] = ledger.bill(version, assembled.build, shipped, core, parts | text)
    made["SHA256SUMS"] = ledger.checksums(made)
    _replace(dist, made)
    return sorted(made)


def _later(
    web: Path, own: tuple[str, ...], pinned: pins.Pins, files: Mapping[str, Path], role: str
) -> dict[str, bytes]:
    """Parts, gzipped, that are no Python: files of packages, and workers of the page's own."""
    contents = {Path(name).name: (web / name).read_bytes() for name in own}
    for pin in pinned.with_role(role):
        for part, path in pin.parts.items():
            content = _file_of(files[pin.name], path)
            contents[part] = leaner(MODELS[part], content) if part in MODELS else content
    return {name: gzip.compress(content, 9, mtime=0) for name, content in contents.items()}


def _file_of(archive: Path, path: str) -> bytes:
    """One file of an npm package or a wheel."""
    if archive.suffix != ".whl":
        return tab.npm_file(archive, path)
    with zipfile.ZipFile(archive) as wheel_file:
        return wheel_file.read(path)


def _text(
    root: Path, pinned: pins.Pins, files: Mapping[str, Path], cache: Path
) -> dict[str, bytes]:
    """What reads text in pixels; kept, since it takes seconds to pack."""
    web, core = root / "web", root / "pycore" / "dicom_veil" / "text"
    archives = [files[pin.name].read_bytes() for pin in pinned.with_role("text")]
    own = [(web / name).read_bytes() for name in TEXT]
    own += [(core / name).read_bytes() for name in LEANER]
    named = [repr(pin.parts).encode() for pin in pinned.with_role("text")]
    folder = cache / f"text-{keep.digest([*archives, *own, *named])}"
    made = keep.kept(folder, lambda: _later(web, TEXT, pinned, files, "text"))
    keep.forget_all_but(3, cache, "text-*")
    return made


def is_current(root: Path, dist: Path) -> bool:
    """Whether `dist` is newer than everything that it is made of."""
    done = dist / "SHA256SUMS"
    if not done.exists():
        return False
    sources = [root / "pyproject.toml"]
    for folder in (root / "web", root / "pycore" / "dicom_veil"):
        sources += [path for path in folder.rglob("*") if not _is_made(path)]
    return all(path.stat().st_mtime <= done.stat().st_mtime for path in sources)


def _is_made(path: Path) -> bool:
    return not {"node_modules", "__pycache__"}.isdisjoint(path.parts)


def _page(
    page: Path,
    web: Path,
    packages: npm.Packages,
    parts: dict[str, bytes],
    text: dict[str, bytes],
) -> editions.Page:
    template = (page / "index.html").read_text("utf-8")
    sheets = sorted((page / "style").glob("*.css"))
    style = "\n".join(path.read_text("utf-8") for path in sheets)
    modules = link.modules(ENTRY, _reader(packages, page, web), packages.resolve)
    build = editions.build_id(template, style, modules, parts | text)
    return editions.Page(template, style, modules, parts, text, build)


def _reader(packages: npm.Packages, *folders: Path) -> Callable[[str], str]:
    def read(name: str) -> str:
        if name.startswith(npm.FOLDER):
            return packages.read(name)
        for folder in folders:
            if (folder / name).is_file():
                return (folder / name).read_text("utf-8")
        raise KeyError(name)

    return read


def _replace(dist: Path, made: dict[str, bytes]) -> None:
    """Write into a folder beside `dist` first: what is there is whole, old or new."""
    draft = dist.with_name(f".{dist.name}.draft")
    shutil.rmtree(draft, ignore_errors=True)
    ledger.write(draft, made)
    shutil.rmtree(dist, ignore_errors=True)
    draft.rename(dist)
