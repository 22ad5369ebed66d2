"""What lies beyond each edge of a picture, in the letters that people know. Without numpy."""

from collections.abc import Sequence

from pydicom.dataset import Dataset

from dicom_veil.attributes import text, texts
from dicom_veil.geometry import orientation_of

OPPOSITE = {"A": "P", "P": "A", "R": "L", "L": "R", "H": "F", "F": "H"}
# x grows to the left of the patient, y to the back, z to the head (C.7.6.2.1.1).
TOWARDS = (("L", "R"), ("P", "A"), ("H", "F"))
SLIGHT = 0.1  # a direction that leans less than 6 degrees to an axis does not name it


def letters(dataset: Dataset, frame_index: int) -> dict[str, str] | None:
    """What lies beyond each edge of the picture: {left, right, top, bottom} in letters.

    From the cosines, else from Patient Orientation (C.7.6.1.1.1: the directions of rows and
    columns). Letters of A, P, R, L, H and F, the strongest first. A quadruped's are other words
    than these (C.7.6.1.1.1), so it has none.
    """
    if text(dataset, "AnatomicalOrientationType") == "QUADRUPED":
        return None
    cosines = orientation_of(dataset, frame_index)
    if cosines is not None:
        right, bottom = _named(cosines[:3]), _named(cosines[3:])
    else:
        stated = texts(dataset, "PatientOrientation")
        if len(stated) != 2 or not all(_is_direction(one) for one in stated):
            return None
        right, bottom = stated
    return {
        "left": _opposite(right), "right": right, "top": _opposite(bottom), "bottom": bottom
    }  # fmt: skip


def _named(direction: Sequence[float]) -> str:
    strongest = sorted(range(3), key=lambda axis: -abs(direction[axis]))
    return "".join(
        TOWARDS[axis][direction[axis] < 0] for axis in strongest if abs(direction[axis]) >= SLIGHT
    )


def _is_direction(stated: str) -> bool:
    return 0 < len(stated) <= 3 and set(stated) <= set(OPPOSITE)


def _opposite(direction: str) -> str:
    return "".join(OPPOSITE[letter] for letter in direction)
