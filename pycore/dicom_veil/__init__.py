"""Veil: de-identification of DICOM as a pipeline of pure functions.

`read → inspect → plan → apply → write`, and beside it `read → decode → window → export`.
The same code runs in a browser tab, on the command line and on a cluster; nothing in it knows
where it is.
"""

__version__ = "0.1.0"
