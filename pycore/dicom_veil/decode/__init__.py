"""From an instance to the stored values of one frame.

Each decoder is a module that declares its transfer syntaxes (`plugin.py` says what else it must
be); adding one means adding it to `PLUGINS` in `stored.py`.
"""

from dicom_veil.decode.frame import Frame, decode_frame
from dicom_veil.decode.image_pixel import frame_count
from dicom_veil.decode.stored import Stored, decode_stored

__all__ = ["Frame", "Stored", "decode_frame", "decode_stored", "frame_count"]
