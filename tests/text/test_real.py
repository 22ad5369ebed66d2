"""Real files with burned-in text: after `--clean-pixels` nothing that identifies can be read.

The scan that proves it is the scan that removed, so the pictures were looked at by eye besides.
`build.py test --full` takes all of them.
"""

import os
from pathlib import Path

import pytest

from dicom_veil.read import read
from dicom_veil.redact.redact import redact
from dicom_veil.redact.search import Search, plan_of
from tests.core.files import CORPUS, bundled, needs_corpus

FULL = bool(os.environ.get("VEIL_FULL"))
FEW = ["presidio__2_ORIGINAL.dcm", "pydicom__GDCMJ2K_TextGBR.dcm", "presidio__RGB_ORIGINAL.dcm"]
MORE = [
    "cornerstone3D__no-pixel-spacing.dcm",
    "dcm4che__US-PAL-8-10x-echo.dcm",
    "dcm4che__YBR_FULL-RLE.dcm",
    "dcm4che__cplx_p02.dcm",
    "dcm4che__jpeg-ls-Palette.dcm",
    "dcm4che__ovly_p01.dcm",
    "dcm4che__test16signed.dcm",
    "dcm4che__will-jxl.dcm",
    "presidio__0_ORIGINAL_compressed.dcm",
    "pydicom-data__JPGLosslessP14SV1_1s_1f_8b.dcm",
    "pydicom-data__OBXXXX1A.dcm",
    "pydicom-data__OBXXXX1A_rle_2frame.dcm",
    "pydicom-data__US1_J2KI.dcm",
    "pydicom-data__gdcm-US-ALOKA-16.dcm",
    "pydicom-data__mlut_18.dcm",
    "pydicom-data__vlut_04.dcm",
    "pydicom__examples_jpeg2k.dcm",
    "pydicom__examples_palette.dcm",
    "pydicom__examples_ybr_color.dcm",
    "pylibjpeg-data__JPEGLosslessP14SV1_3s_2f_u_08_08.dcm",
]


@needs_corpus
@pytest.mark.parametrize("name", [*FEW, *(MORE if FULL else [])])
def test_nothing_that_identifies_is_legible_afterwards(name: str) -> None:
    assert_cleaned(CORPUS / name)


@pytest.mark.parametrize(
    "name", ["examples_jpeg2k.dcm", *(["examples_rgb_color.dcm"] if FULL else [])]
)
def test_a_bundled_one_too(name: str) -> None:
    assert_cleaned(bundled(name))


def assert_cleaned(path: Path) -> None:
    with path.open("rb") as file:
        given = read(file)
        cleaning = Search(plan_of("default")).cleaning(given)
        assert cleaning is not None
        assert cleaning.regions
        assert cleaning.prove(redact(given, cleaning.regions).instance) == ()
