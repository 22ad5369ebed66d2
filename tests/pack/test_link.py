"""Page modules are found from the entry on, put in order and rewritten."""

import tarfile
from io import BytesIO
from pathlib import Path

import pytest

from pack import BuildError, link, npm, pins


def order(files: dict[str, str], entry: str = "main.js") -> list[str]:
    return [module.name for module in link.modules(entry, files.__getitem__)]


def test_each_module_comes_after_what_it_imports() -> None:
    files = {
        "main.js": 'import { a } from "./a.js";\nimport "./views/b.js";',
        "a.js": 'export * from "./views/b.js";',
        "views/b.js": 'import {\n  c,\n} from "../c.js";',
        "c.js": "export const c = 1;",
    }
    assert order(files) == ["c.js", "views/b.js", "a.js", "main.js"]


def test_comments_import_nothing() -> None:
    text = '/** @typedef {import("./gone.js").A} A */\n/*\nimport "./gone.js";\n*/\n'
    assert order({"main.js": text + '// import "./gone.js"'}) == ["main.js"]


def test_rewrites_specifiers_and_nothing_else() -> None:
    text = 'import { a } from \'./a.js\';\nconst s = "./a.js"; /*\nimport "./a.js"; */'
    *_, main = link.modules("main.js", {"main.js": text, "a.js": ""}.__getitem__)
    linked = link.rewrite(main, lambda path: f"veil:{path}")
    assert linked == text.replace("'./a.js'", '"veil:a.js"', 1)


@pytest.mark.parametrize(
    ("files", "sentence"),
    [
        ({"main.js": 'import "./a.js"', "a.js": 'import "./main.js"'}, "circle"),
        ({"main.js": 'import x from "bare"'}, "relative paths only"),
        ({"main.js": 'import "./../up.js"'}, "outside of the page"),
        ({"main.js": 'import "./gone.js"'}, "is not there"),
    ],
)
def test_what_cannot_be_linked_is_refused(files: dict[str, str], sentence: str) -> None:
    with pytest.raises(BuildError, match=sentence):
        order(files)


def archive(folder: Path, name: str, files: dict[str, str]) -> Path:
    """An npm package as `npm pack` makes it."""
    path = folder / f"{name.replace('/', '-')}.tgz"
    with tarfile.open(path, "w:gz") as target:
        for member, text in files.items():
            entry = tarfile.TarInfo(f"package/{member}")
            entry.size = len(text)
            target.addfile(entry, BytesIO(text.encode()))
    return path


def pin(name: str, changes: tuple[dict[str, str], ...] = ()) -> pins.Pin:
    return pins.Pin(name, "1.0.0", "", "", "MIT", "page", (), changes=changes)


@pytest.fixture
def packages(tmp_path: Path) -> npm.Packages:
    outer = {
        "package.json": '{"exports": "./lib/index.js"}',
        "lib/index.js": 'import { b } from "@scope/inner/b.js";\nimport { c } from "./c.js";',
        "lib/c.js": 'import {} from "./index.js";\nexport const c = 1;',
    }
    inner = {"package.json": '{"exports": {"./b.js": "./b.js"}}', "b.js": "export const b = 1;"}
    return npm.Packages(
        [
            (pin("outer"), archive(tmp_path, "outer", outer)),
            (pin("@scope/inner"), archive(tmp_path, "@scope/inner", inner)),
        ]
    )


def test_bare_names_lead_into_pinned_packages(packages: npm.Packages) -> None:
    def read(name: str) -> str:
        return (
            packages.read(name) if name.startswith("npm/") else {"main.js": 'import "outer"'}[name]
        )

    found = link.modules("main.js", read, packages.resolve)
    assert [module.name for module in found] == [
        "npm/@scope/inner/b.js",
        "npm/outer/lib/c.js",
        "npm/outer/lib/index.js",
        "main.js",
    ]
    linked = link.rewrite(found[2], lambda path: f"veil:{path}")
    assert '"veil:npm/@scope/inner/b.js"' in linked


def test_a_package_is_changed_as_its_pin_says_or_not_built_at_all(tmp_path: Path) -> None:
    """What is to be changed must stand there exactly once."""
    files = {"package.json": '{"module": "m.js", "main": "c.cjs"}', "m.js": "one(); two(); two();"}
    path = archive(tmp_path, "outer", files)

    def changed(before: str) -> str:
        change = {"file": "m.js", "from": before, "to": "three();", "why": "better"}
        packages = npm.Packages([(pin("outer", (change,)), path)])
        return packages.read(packages.resolve("outer"))

    assert changed("one();") == "three(); two(); two();"
    for before in ("two();", "four();"):
        with pytest.raises(BuildError, match="is not what"):
            changed(before)


@pytest.mark.parametrize("name", ["stranger", "@scope/inner", "outer/lib/c.js"])
def test_what_no_pinned_package_offers_is_refused(packages: npm.Packages, name: str) -> None:
    with pytest.raises(BuildError, match="npm package"):
        packages.resolve(name)
