"""NIfTI against dcm2niix (affine and values of every voxel) and nibabel (the header)."""

import subprocess
from pathlib import Path

import dcm2niix
import nibabel
import numpy as np
import pytest
from pydicom.dataset import Dataset

from dicom_veil import errors
from tests.core.exported import folder, made, of, series, shots
from tests.core.files import CORPUS, needs_corpus
from tests.core.test_decode import opened

TILT = np.deg2rad(20)
OBLIQUE = [
    *(float(part) for part in (np.cos(TILT), np.sin(TILT) * 0.6, np.sin(TILT) * 0.8)),
    *(float(part) for part in (0, 0.8, -0.6)),
]


def judged(path: Path) -> "nibabel.Nifti1Image":
    """What dcm2niix makes of a folder, which has to be one volume."""
    target = path.with_name("judged")
    target.mkdir()
    command = [dcm2niix.bin, "-b", "n", "-z", "n", "-p", "n", "-o", target, path]
    subprocess.run(list(map(str, command)), check=True, capture_output=True, timeout=60)
    (file,) = target.glob("*.nii")
    return nibabel.load(file)


def same(ours: bytes, theirs: "nibabel.Nifti1Image") -> None:
    """Voxel for voxel at the same place in the patient, whatever the order in the file."""
    one, two = (nibabel.as_closest_canonical(image) for image in (read_back(ours), theirs))
    assert one.shape == two.shape
    np.testing.assert_allclose(one.affine, two.affine, atol=1e-3)
    np.testing.assert_allclose(one.get_fdata(), two.get_fdata(), rtol=1e-6, atol=1e-6)


def read_back(content: bytes) -> "nibabel.Nifti1Image":
    image = nibabel.Nifti1Image.from_bytes(content)
    header = image.header
    for field in ("descrip", "aux_file", "intent_name", "db_name"):
        assert header[field].tobytes().strip(b"\0") == b""
    assert image.header.extensions == []
    if header["sform_code"]:
        assert header["sform_code"] == 1
        np.testing.assert_allclose(header.get_sform(), image.affine)
    if header["qform_code"]:
        np.testing.assert_allclose(header.get_qform(), image.affine, atol=1e-3)
    return image


def oblique(number: int, dataset: Dataset) -> None:
    dataset.ImageOrientationPatient = OBLIQUE
    normal = np.cross(OBLIQUE[:3], OBLIQUE[3:])
    position = np.array([-100.0, 30.0, 12.5]) + number * 3.25 * normal
    dataset.ImagePositionPatient = [f"{part:.6f}" for part in position]
    dataset.PixelSpacing = ["0.7", "1.3"]


def sagittal(number: int, dataset: Dataset) -> None:
    dataset.ImageOrientationPatient = [0, 1, 0, 0, 0, -1]
    dataset.ImagePositionPatient = [10 + 4 * number, -100, 100]


def rescaled(number: int, dataset: Dataset) -> None:
    """As PET: each slice its own slope."""
    dataset.RescaleSlope = f"{0.5 + number / 7:.6f}"
    dataset.RescaleIntercept = "0"


@pytest.mark.parametrize("change", [None, oblique, sagittal])
def test_a_series_lies_where_dcm2niix_puts_it(tmp_path: Path, change: object) -> None:
    contents = series(change)  # type: ignore[arg-type]
    ours = made("nifti", of(contents))
    same(ours, judged(folder(tmp_path / "in", contents)))
    image = read_back(ours)
    assert image.header.get_xyzt_units() == ("mm", "sec")
    assert image.header["qform_code"] == 1
    assert image.get_data_dtype() == of(contents)[0].stored().dtype
    assert image.dataobj.slope == 1
    assert image.dataobj.inter == of(contents)[0].modality.intercept


def test_frames_in_any_order_make_the_same_volume() -> None:
    frames = of(series(oblique))
    assert made("nifti", [frames[index] for index in (3, 0, 4, 1, 2)]) == made("nifti", frames)


def test_slopes_of_their_own_become_floats(tmp_path: Path) -> None:
    contents = series(rescaled)
    frames = of(contents)
    image = read_back(made("nifti", frames))
    assert image.get_data_dtype() == np.float32
    for number, frame in enumerate(reversed(frames)):  # the last of the sample lies lowest
        np.testing.assert_allclose(image.get_fdata()[:, :, number].T, frame.rescaled(), rtol=1e-6)


def test_a_tilted_gantry_shears(tmp_path: Path) -> None:
    """Slices that are not stacked along their normal: the affine says so, a quaternion cannot."""

    def tilted(number: int, dataset: Dataset) -> None:
        dataset.ImagePositionPatient = [-179, -179 + 5 * number, 40 - 20 * number]

    image = read_back(made("nifti", of(series(tilted))))
    assert image.header["qform_code"] == 0
    np.testing.assert_allclose(image.affine[:3, 2], [0, 5, 20], atol=1e-5)


def test_several_times_are_the_fourth_axis() -> None:
    """Slices that come in each place twice, by Temporal Position Identifier."""

    def times(number: int, dataset: Dataset) -> None:
        dataset.ImagePositionPatient = [0, 0, 10 * (number % 2)]
        dataset.TemporalPositionIdentifier = number // 2 + 1

    frames = of(series(times))[:4]
    image = read_back(made("nifti", frames))
    assert image.shape == (256, 256, 2, 2)
    for number, frame in enumerate(frames):
        back = image.get_fdata()[:, :, number % 2, number // 2]
        np.testing.assert_array_equal(back.T, frame.rescaled())


def uneven(number: int, dataset: Dataset) -> None:
    dataset.ImagePositionPatient = [0, 0, number**2]


def turned(number: int, dataset: Dataset) -> None:
    if number:
        dataset.ImageOrientationPatient = OBLIQUE


def repeated(number: int, dataset: Dataset) -> None:
    dataset.ImagePositionPatient = [0, 0, 10 * min(number, 3)]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [(uneven, "not evenly spaced"), (turned, "not all parallel"), (repeated, "more often")],
)
def test_what_is_no_volume_is_refused(change: object, sentence: str) -> None:
    with pytest.raises(errors.OutOfRange, match=sentence):
        made("nifti", of(series(change)))  # type: ignore[arg-type]


def test_without_a_position_there_is_no_affine() -> None:
    image = read_back(made("nifti", shots("rtdose_1frame.dcm")))
    assert image.shape == (10, 10, 1)
    ultrasound = read_back(made("nifti", shots("examples_ybr_color.dcm")))
    assert (ultrasound.header["sform_code"], ultrasound.header["qform_code"]) == (0, 0)
    assert ultrasound.shape == (320, 240, 30)
    assert ultrasound.get_data_dtype().names == ("R", "G", "B")
    picture = shots("examples_ybr_color.dcm")[7].frame.values
    back = np.asarray(ultrasound.dataobj)[:, :, 7].T
    np.testing.assert_array_equal(np.stack([back[name] for name in "RGB"], axis=2), picture)


@needs_corpus
@pytest.mark.parametrize(
    "name",
    [
        "dicom2nifti__001.dcm",
        "dicom2nifti__001_001.dcm",
        "dicom2nifti__002_non_isotropic_001.dcm",
        "dicom2nifti__2_001.dcm",
        "dicom2nifti__IM-0001-0001.dcm",
        "dicom2nifti__001_IM-0001-0001-0001.dcm",
        "dicom2nifti__IM-0001-0170-0001.dcm",
    ],
)
def test_real_files_as_dcm2niix_has_them(tmp_path: Path, name: str) -> None:
    """Enhanced multi-frame and single slices of several makers."""
    from dicom_veil.decode import frame_count
    from dicom_veil.export.shot import Shot

    content = (CORPUS / name).read_bytes()
    instance = opened(CORPUS / name)
    frames = [Shot(instance, index) for index in range(frame_count(instance.dataset))]
    same(made("nifti", frames), judged(folder(tmp_path / "in", [content])))
