"""Overlays in the unused bits of pixel cells: gone from the cells, the image as it was."""

from io import BytesIO

import numpy as np
import pydicom
import pytest
from pydicom.uid import ExplicitVRBigEndian, RLELossless

from dicom_veil.decode import decode_frame
from dicom_veil.errors import Refused
from dicom_veil.read import read
from tests.core.files import bundled, corpus_files, needs_corpus
from tests.core.test_deidentify import output_of


def with_overlay_bits(name: str = "MR_small.dcm") -> tuple[bytes, np.ndarray]:
    """An instance of 12 bits stored, an overlay in bit 13, and its image."""
    dataset = pydicom.dcmread(bundled(name))
    image = dataset.pixel_array.astype(np.uint16) & 0x0FFF
    overlay = np.zeros(image.shape, np.uint16)
    overlay[5:9, 5:40] = 1
    cells = (image | overlay << 13).astype("<u2")
    dataset.PixelData = cells.tobytes()
    dataset.BitsStored, dataset.HighBit, dataset.PixelRepresentation = 12, 11, 0
    dataset.add_new(0x60000010, "US", image.shape[0])
    dataset.add_new(0x60000011, "US", image.shape[1])
    dataset.add_new(0x60000100, "US", 16)
    dataset.add_new(0x60000102, "US", 13)
    buffer = BytesIO()
    dataset.save_as(buffer)
    return buffer.getvalue(), image


def test_the_bits_are_cleared_and_the_image_stays() -> None:
    content, image = with_overlay_bits()
    output = output_of(content)
    made = pydicom.dcmread(BytesIO(output))
    cells = np.frombuffer(made.PixelData, "<u2").reshape(image.shape)
    assert np.array_equal(cells, image)
    assert not [element for element in made if element.tag.group == 0x6000]
    assert np.array_equal(decode_frame(read(BytesIO(output)), 0).values, image)


def test_big_endian_cells() -> None:
    content, image = with_overlay_bits()
    dataset = pydicom.dcmread(BytesIO(content))
    dataset.PixelData = np.frombuffer(dataset.PixelData, "<u2").astype(">u2").tobytes()
    dataset.file_meta.TransferSyntaxUID = ExplicitVRBigEndian
    buffer = BytesIO()
    pydicom.dcmwrite(buffer, dataset, little_endian=False, implicit_vr=False)
    made = pydicom.dcmread(BytesIO(output_of(buffer.getvalue())))
    assert np.array_equal(np.frombuffer(made.PixelData, ">u2").reshape(image.shape), image)


def test_compressed_cells_are_refused() -> None:
    dataset = pydicom.dcmread(BytesIO(with_overlay_bits()[0]))
    dataset.compress(RLELossless, generate_instance_uid=False)
    buffer = BytesIO()
    dataset.save_as(buffer)
    with pytest.raises(Refused, match="unused bits"):
        output_of(buffer.getvalue())


@needs_corpus
def test_a_real_file() -> None:
    path = next(path for path in corpus_files() if path.name == "dcm4che__ovly_p01.dcm")
    before, after = pydicom.dcmread(path), pydicom.dcmread(BytesIO(output_of(path.read_bytes())))
    unused = 0xFFFF ^ ((1 << before.BitsStored) - 1)
    assert (np.frombuffer(before.PixelData, "<u2") & unused).any()
    assert not (np.frombuffer(after.PixelData, "<u2") & unused).any()
