"""The Content Security Policies of the two editions.

Single file: one policy, from the first byte; only the scripts and the style that the build wrote
run, named by their hashes. Hosted: a first policy that lets the page load its own parts from its
own origin, then (`web/network.js`) the final one, added before the worker is made, which takes the
network away for good. Policies only ever add up, so the second cannot be undone.
"""

import base64
import hashlib
from collections.abc import Iterable

_NONE = ("default-src", "base-uri", "form-action")  # frames, objects, fonts … by default-src
WASM = "'wasm-unsafe-eval'"  # compiling WebAssembly; no eval of text


def hash_source(text: str) -> str:
    """The `'sha256-…'` source that allows exactly this inline script or style."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def single_file(scripts: Iterable[str], styles: Iterable[str]) -> str:
    """The policy of `veil.html`, given the texts of its inline scripts and styles."""
    return _policy(
        scripts=[*map(hash_source, scripts), "blob:", WASM],
        styles=[*map(hash_source, styles)],
        images=["blob:", "data:"],
        connections=["'none'"],
    )


def hosted_first() -> str:
    """What `site/index.html` starts with: its own origin, to load its own parts, and no other."""
    return _policy(
        scripts=["'self'", "blob:", WASM],
        styles=["'self'"],
        images=["'self'", "blob:", "data:"],
        connections=["'self'", "blob:"],  # blob: so that a probe of one sees the final policy
    )


def hosted_final() -> str:
    """What the page adds once its parts are there; whatever runs later has no network."""
    return _policy(
        scripts=["blob:", WASM],
        styles=["'none'"],
        images=["blob:", "data:"],
        connections=["'none'"],
    )


def _policy(
    *, scripts: list[str], styles: list[str], images: list[str], connections: list[str]
) -> str:
    directives = [f"{name} 'none'" for name in _NONE]
    directives += [
        f"script-src {' '.join(scripts)}",
        "worker-src blob:",
        f"style-src {' '.join(styles)}",
        f"img-src {' '.join(images)}",
        f"media-src {' '.join(images)}",
        f"connect-src {' '.join(connections)}",
    ]
    return "; ".join(directives)
