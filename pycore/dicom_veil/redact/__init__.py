"""Stage *redact*: regions of the stored values become dark, in every frame concerned.

Never blurred. What lies outside the regions stays: in place for uncompressed pixels, losslessly
encoded again for lossless ones, block by block for baseline JPEG.
"""
