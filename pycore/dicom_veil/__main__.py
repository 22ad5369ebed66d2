"""`python -m dicom_veil` is the command `dicom-veil`."""

import sys

from dicom_veil.cli import main

if __name__ == "__main__":
    sys.exit(main())
