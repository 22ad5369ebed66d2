"""SHA-256 of the program and of every file that it wrote, as `sha256sum --check` reads it."""

from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from importlib.resources import files
from importlib.resources.abc import Traversable


@cache
def build() -> str:
    """The hash of this package: of each file's path and content, in the order of the paths."""
    found: dict[str, bytes] = {}
    _collect(files("dicom_veil"), "", found)
    whole = sha256()
    for name in sorted(found):
        whole.update(f"{name}\0{len(found[name])}\0".encode() + found[name])
    return whole.hexdigest()


def _collect(folder: Traversable, prefix: str, found: dict[str, bytes]) -> None:
    for one in folder.iterdir():
        if one.is_dir() and one.name != "__pycache__":
            _collect(one, f"{prefix}{one.name}/", found)
        elif one.is_file() and not one.name.endswith(".pyc"):
            found[prefix + one.name] = one.read_bytes()


def sums(digests: Mapping[str, str]) -> str:
    """Lines of SHA-256 and name."""
    return "".join(f"{digest}  {name}\n" for name, digest in sorted(digests.items()))
