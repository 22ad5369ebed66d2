"""From an instance to the stored values of one frame.

Each decoder is a module that declares its transfer syntaxes (`plugin.py` says what else it must
be); adding one means adding it to `PLUGINS` in `frame.py`.
"""

from dicom_veil.decode.frame import Frame, decode_frame
from dicom_veil.decode.image_pixel import frame_count

__all__ = ["Frame", "decode_frame", "frame_count"]
