"""One other de-identifier over a folder, the way its documentation uses it.

    python other.py NAME SOURCE TARGET

Runs in a virtual environment of its own (`others/NAME.txt`); prints the seconds for all files but
a first one that warms it up.
"""

import contextlib
import io
import logging
import sys
import time
import warnings
from collections.abc import Callable
from pathlib import Path


def worker(name: str, target: Path) -> Callable[[Path], object]:
    """What de-identifies one file into `target`, at the program's defaults."""
    if name == "dicom-anonymizer":
        from dicomanonymizer import anonymize_dicom_file

        return lambda path: anonymize_dicom_file(str(path), str(target / path.name))
    if name == "dicognito":
        import pydicom
        from dicognito.anonymizer import Anonymizer

        one = Anonymizer()

        def work(path: Path) -> None:
            dataset = pydicom.dcmread(path)
            one.anonymize(dataset)
            dataset.save_as(target / path.name)

        return work
    from deid.dicom import replace_identifiers

    return lambda path: replace_identifiers(
        dicom_files=[str(path)], save=True, output_folder=str(target), overwrite=True
    )


def main() -> None:
    name, source, target = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    warnings.simplefilter("ignore")
    logging.disable(logging.CRITICAL)
    files = sorted(source.iterdir())
    silence = io.StringIO()
    with contextlib.redirect_stdout(silence), contextlib.redirect_stderr(silence):
        work = worker(name, target)
        work(files[0])
        start = time.perf_counter()
        for path in files[1:]:
            work(path)
        seconds = time.perf_counter() - start
    print(seconds)


if __name__ == "__main__":
    main()
