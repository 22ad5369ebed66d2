"""Modules that are imported when they are used, so that headers can be read before pictures can.

Headers need neither numpy nor pydicom's pixel modules, but `import pydicom` imports both: numpy to
see whether it is there, the pixel modules for methods of Dataset that only pictures call. Until one
of them is used, an empty module object stands in for it; at the first use the real module is run in
that very object, so whoever imported it early holds the real one.

`from pydicom.pixels import pixel_array` would count as a use; while nothing of FUNCTIONS is loaded
it gives a function that loads the module when it is called.
"""

import importlib
import sys
from collections.abc import Callable, Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType
from typing import Any

FUNCTIONS = frozenset(
    {"pydicom.pixels", "pydicom.pixels.utils"}
)  # pydicom takes functions of these
MODULES = frozenset(  # and these as modules
    {
        "numpy",
        "pydicom.examples",
        "pydicom.pixel_data_handlers",
        *(
            f"pydicom.pixel_data_handlers.{name}_handler"
            for name in ("gdcm", "jpeg_ls", "numpy", "pillow", "pylibjpeg", "rle")
        ),
        "pydicom.waveforms",
    }
)


class StandIn(ModuleType):
    """A module that has not run yet. Reading an attribute that it lacks runs it."""

    def __getattr__(self, name: str) -> Any:
        """The attribute `name` of the real module, or a function that will call it."""
        if self.__name__ in FUNCTIONS and not name.startswith("__") and not Later.pictures:
            return lambda *args, **options: getattr(load(self), name)(*args, **options)
        return getattr(load(self), name)


class Later(Loader):
    """Makes a StandIn. `pictures` turns true when the first of FUNCTIONS is loaded."""

    pictures = False

    def create_module(self, spec: ModuleSpec) -> None:
        """A plain module object."""

    def exec_module(self, module: ModuleType) -> None:
        """Nothing yet; from now on a missing attribute is a use."""
        module.__class__ = StandIn


class Loaded(Loader):
    """Gives the module that came to be while its parent was loaded."""

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        """What is there."""
        return sys.modules.get(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """It has run already."""


class Finder(MetaPathFinder):
    """Asked first. Finds stand-ins, and has packages unpacked when one is really imported."""

    def __init__(self, packed: Sequence[str], unpack: Callable[[], None]) -> None:
        self.packed = set(packed)
        self.unpack = unpack

    def find_spec(
        self,
        name: str,
        _path: Sequence[str] | None = None,
        _target: ModuleType | None = None,
    ) -> ModuleSpec | None:
        """A stand-in for MODULES and FUNCTIONS; None (so that others look) for most of the rest."""
        if name in MODULES | FUNCTIONS:
            return ModuleSpec(name, Later(), is_package=True)
        if name in self.packed:
            self.provide()
        parent = sys.modules.get(name.rpartition(".")[0])
        if type(parent) is not StandIn:
            return None
        load(parent)  # importing a submodule is a use
        return ModuleSpec(name, Loaded()) if name in sys.modules else _find(name)

    def provide(self) -> None:
        """Unpack all that is still packed."""
        if self.packed:
            self.packed.clear()
            self.unpack()
            importlib.invalidate_caches()


def load(module: ModuleType) -> ModuleType:
    """Run the real module in the object that stood in for it; does nothing to a real module."""
    if type(module) is not StandIn:
        return module
    Later.pictures |= module.__name__ in FUNCTIONS
    for finder in sys.meta_path:
        if isinstance(finder, Finder) and module.__name__ in finder.packed:
            finder.provide()
    spec = _find(module.__name__)
    if type(module) is not StandIn:  # its parent was a stand-in too, and ran it
        return module
    if spec is None or spec.loader is None:
        raise ModuleNotFoundError(f"No module named {module.__name__!r}", name=module.__name__)
    module.__class__ = ModuleType  # type: ignore[assignment]  # mypy narrowed it
    module.__spec__, module.__loader__, module.__file__ = spec, spec.loader, spec.origin
    if spec.submodule_search_locations is None:
        del module.__path__  # the stand-in was taken for a package
    else:
        module.__path__ = list(spec.submodule_search_locations)
    spec.loader.exec_module(module)
    return module


def _find(name: str) -> ModuleSpec | None:
    """The spec of the real module, once its parent is real."""
    parent = name.rpartition(".")[0]
    path = load(importlib.import_module(parent)).__path__ if parent else None
    return PathFinder.find_spec(name, path)
