"""pydicom's settings, and its silence: its warnings and log lines quote values of attributes,

and a value may be a patient's. What is wrong with a file is said by this package's own errors
and notes.
"""

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

import pydicom.config

pydicom.config.settings.reading_validation_mode = pydicom.config.IGNORE
pydicom.config.settings.writing_validation_mode = pydicom.config.IGNORE
logging.getLogger("pydicom").addHandler(logging.NullHandler())
logging.getLogger("pydicom").propagate = False

# What `warnings.simplefilter("ignore")` puts before all other filters.
SILENT = [("ignore", None, Warning, None, 0)]


@contextmanager
def quietly() -> Iterator[None]:
    """No warning raised inside leaves it."""
    if warnings.filters[:1] == SILENT:  # inside of another `quietly`
        yield
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
