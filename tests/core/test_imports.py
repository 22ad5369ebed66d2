"""Each module of the package can be the first that is imported, whatever needs which."""

import subprocess
import sys
from pathlib import Path

import dicom_veil

PACKAGE = Path(dicom_veil.__file__).parent
# In one interpreter, which forgets the package before each: starting 150 of them takes a minute.
EACH_FIRST = """
import importlib, sys
for name in sys.argv[1:]:
    for one in [one for one in sys.modules if one.partition(".")[0] == "dicom_veil"]:
        del sys.modules[one]
    try:
        importlib.import_module(name)
    except ImportError as error:
        print(f"{name}: {error}")
"""


def modules() -> list[str]:
    """The dotted names of all modules; `__main__` would run."""
    names = (path.relative_to(PACKAGE.parent).with_suffix("") for path in PACKAGE.rglob("*.py"))
    dotted = (".".join(name.parts).removesuffix(".__init__") for name in names)
    return sorted(name for name in dotted if not name.endswith("__main__"))


def test_every_module_can_be_imported_first() -> None:
    command = [sys.executable, "-c", EACH_FIRST, *modules()]
    done = subprocess.run(command, capture_output=True, text=True, check=True,
                          env={"PYTHONPATH": str(PACKAGE.parent)})  # fmt: skip
    assert done.stdout == ""
