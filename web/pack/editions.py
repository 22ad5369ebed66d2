"""Puts page, parts and policies together: `veil.html`, `veil-lite.html`, the files of `site/`.

All start from `web/index.html`, whose markers `<!-- veil:head -->` and `<!-- veil:body -->` the
build replaces. `web/parts.js` and `web/network.js` read what is put there.
"""

import base64
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from html import escape
from pathlib import Path

from . import BuildError, link, policy

HEAD = "<!-- veil:head -->"
BODY = "<!-- veil:body -->"
LINKER = Path(__file__).with_name("linker.js")


@dataclass(frozen=True)
class Page:
    """The page's sources: template, style, modules in loading order, parts in loading order."""

    template: str
    style: str
    modules: tuple[link.Module, ...]
    parts: Mapping[str, bytes]
    text: Mapping[str, bytes]  # parts that read text in pixels, after the others
    build: str  # the build id, which the page may show

    def lite(self) -> "Page":
        """Without what reads text in pixels; its build id says so."""
        return replace(self, text={}, build=f"{self.build}-lite")

    def all_parts(self) -> dict[str, bytes]:
        """In loading order."""
        return {**self.parts, **self.text}


def build_id(
    template: str, style: str, modules: tuple[link.Module, ...], parts: Mapping[str, bytes]
) -> str:
    """Twelve hex digits over all contents: the same in all editions, another for any change."""
    total = hashlib.sha256(f"{template}\0{style}".encode())
    for module in modules:
        total.update(f"\0{module.name}\0{module.text}".encode())
    for name, content in sorted(parts.items()):
        total.update(f"\0{name}\0{hashlib.sha256(content).hexdigest()}".encode())
    return total.hexdigest()[:12]


def single_file(page: Page) -> bytes:
    """`veil.html`: everything inside; parts last, so that the page is there before them."""
    linker = LINKER.read_text("utf-8")
    linked = [[m.name, link.rewrite(m, lambda path: f"veil:{path}")] for m in page.modules]
    head = [
        _meta("Content-Security-Policy", policy.single_file([linker], [page.style])),
        _build(page),
        f"<style>{page.style}</style>",
    ]
    body = [
        f'<script type="application/json" id="veil-modules">{_json(linked)}</script>',
        f"<script>{linker}</script>",
        *(_inline_part(name, content) for name, content in page.all_parts().items()),
    ]
    return _fill(page.template, head, body)


def site(page: Page) -> dict[str, bytes]:
    """The files of `site/` by path; all but `index.html` are named by their content's hash."""
    files: dict[str, bytes] = {}
    addresses: dict[str, str] = {}
    for module in page.modules:
        text = link.rewrite(module, lambda path: f"./{addresses[path].rpartition('/')[2]}")
        stem = module.name.removesuffix(".js").replace("/", "-")
        addresses[module.name] = _add(files, f"page/{stem}", ".js", text.encode())
    style = _add(files, "page/style", ".css", page.style.encode())
    entry = addresses[page.modules[-1].name]
    preloads = [addresses[module.name] for module in page.modules[:-1]]
    head = [
        _meta("Content-Security-Policy", policy.hosted_first()),
        f'<meta name="veil-final-policy" content="{escape(policy.hosted_final())}">',
        _build(page),
        f'<link rel="stylesheet" href="{style}" integrity="{_integrity(files[style])}">',
        *(
            f'<link rel="modulepreload" href="{name}" integrity="{_integrity(files[name])}">'
            for name in preloads
        ),
        f'<script type="module" src="{entry}" integrity="{_integrity(files[entry])}"></script>',
    ]
    body = [_linked_part(files, name, content) for name, content in page.all_parts().items()]
    files["index.html"] = _fill(page.template, head, body)
    return files


def _fill(template: str, head: list[str], body: list[str]) -> bytes:
    for marker in (HEAD, BODY):
        if template.count(marker) != 1:
            raise BuildError(f"web/index.html must hold {marker} exactly once.")
    before, _, rest = template.partition(HEAD)
    middle, _, after = rest.partition(BODY)
    return "".join([before, "\n".join(head), middle, "\n".join(body), after]).encode()


def _meta(name: str, content: str) -> str:
    return f'<meta http-equiv="{name}" content="{escape(content)}">'


def _build(page: Page) -> str:
    return f'<meta name="veil-build" content="{page.build}">'


def _json(value: object) -> str:
    """JSON that no HTML parser takes for an end tag or a comment."""
    return json.dumps(value, ensure_ascii=False).replace("<", "\\u003c")


def _inline_part(name: str, content: bytes) -> str:
    text = base64.b64encode(content).decode()
    return f'<script type="text/plain" data-part="{escape(name)}">{text}</script>'


def _linked_part(files: dict[str, bytes], name: str, content: bytes) -> str:
    address = _add(files, f"parts/{name}", "", content)
    place = f'rel="veil-part" data-part="{escape(name)}" href="{address}"'
    return f'<link {place} integrity="{_integrity(content)}">'


def _add(files: dict[str, bytes], stem: str, suffix: str, content: bytes) -> str:
    name = f"{stem}.{hashlib.sha256(content).hexdigest()[:16]}{suffix}"
    files[name] = content
    return name


def _integrity(content: bytes) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(content).digest()).decode()}"
