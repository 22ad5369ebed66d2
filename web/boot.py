"""What the worker runs first in the tab's Python, and the one function that it calls afterwards."""

import importlib
import json
import sys
from collections.abc import Callable, Sequence
from typing import Any

import later

# What pictures need, imported one at a time after Ready: calls wait while a step runs.
WARM = ["numpy", "PIL.Image", "pydicom.pixels", "imagecodecs"]

Reply = tuple[bool, str, list[memoryview]]


def install(packed: Sequence[str], unpack: Callable[[], None]) -> None:
    """Let `import` find the top-level names `packed`; `unpack()` puts all of them in place."""
    sys.meta_path.insert(0, later.Finder(list(packed), unpack))


def warm_step() -> bool:
    """Import one more of what pictures need; False when the last step, the core's own, is done."""
    if WARM:
        later.load(importlib.import_module(WARM.pop(0)))
        return True
    call("warm", "{}")
    return False


def call(method: str, params: str, file: Any = None) -> Reply:
    """(True, result JSON, buffers), or (False, error JSON, []) for what the core refused.

    MemoryError is not caught: WebAssembly memory never shrinks, so the worker has to be replaced.
    """
    from dicom_veil import tab

    try:
        result, buffers = tab.handle(method, params, file)
        return True, result, [memoryview(buffer).cast("B") for buffer in buffers]
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001  # the edge of Python: every error becomes a value
        if getattr(file, "gone", False):
            return False, json.dumps({"code": "file-gone", "message": "", "params": {}}), []
        return False, tab.describe(error), []
