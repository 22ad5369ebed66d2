"""What compressed pixel data says beside the image: found, and removed without touching it.

Contract of this folder: one module per family of codestreams, each with `magic` (how a frame
begins) and `scan(frame) -> Scan`: the pieces that are no image, and the frame without them, or
None where there is nothing to remove. A scan never decodes and never fails: where a codestream
cannot be followed it stops. `frames` maps fragments to frames and writes them again.
"""

from dicom_veil.codestream.frames import (
    CleanedPixels,
    Looked,
    clean_pixels,
    hides_frames,
    looked,
    segments,
)

__all__ = ["CleanedPixels", "Looked", "clean_pixels", "hides_frames", "looked", "segments"]
