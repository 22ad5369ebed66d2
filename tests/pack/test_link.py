"""Page modules are found from the entry on, put in order and rewritten."""

import pytest

from pack import BuildError, link


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
        ({"main.js": 'import "./../up.js"'}, "relative paths only"),
        ({"main.js": 'import "./gone.js"'}, "is not there"),
    ],
)
def test_what_cannot_be_linked_is_refused(files: dict[str, str], sentence: str) -> None:
    with pytest.raises(BuildError, match=sentence):
        order(files)
