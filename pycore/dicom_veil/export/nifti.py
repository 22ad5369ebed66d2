"""NIfTI-1: a series as one volume with its place in space, for researchers.

Voxels are (column, row, slice[, time]); stored values with slope and intercept where all frames
share one linear transformation, else modality values as 32-bit floats; colour as RGB24. Slices lie
as `stack` puts them.
"""

from typing import TYPE_CHECKING, Any, BinaryIO

from dicom_veil import errors
from dicom_veil.export.choices import Settings
from dicom_veil.export.format import Format

if TYPE_CHECKING:
    from dicom_veil.export.shot import Shot
    from dicom_veil.modality import Modality
    from dicom_veil.stack import Plane

# 32-bit floats of what is left of a series; whole files of it are held in memory in a tab anyway.
FLOAT = "<f4"


class NiftiWriter:
    """Frames go to the file as they come, and are put in order last, where they were in another."""

    def __init__(self, target: BinaryIO, _settings: Settings) -> None:
        from dicom_veil.export.alike import Alike
        from dicom_veil.export.nifti_header import DATA_AT

        self._target = target
        self._alike = Alike()
        self._planes: list[Plane] = []
        self._modalities: list[Modality] = []
        target.write(bytes(DATA_AT))

    def add(self, shot: "Shot") -> None:
        """Raises `OutOfRange` for a frame of another size or direction than those before it."""
        from dicom_veil.stack import plane_of, same_direction

        values = shot.frame.values
        plane = plane_of(shot.instance.dataset, shot.frame_index)
        if self._planes and not same_direction(plane, self._planes[0]):
            raise errors.OutOfRange("The slices are not all parallel and of one pixel size.")
        self._alike.check(values)
        self._planes.append(plane)
        self._modalities.append(shot.modality)
        self._target.write(values.astype(values.dtype.newbyteorder("<"), copy=False).tobytes())

    def close(self) -> None:
        """Raises `OutOfRange` where the slices make no volume."""
        import numpy as np

        from dicom_veil.export.nifti_header import Volume, header
        from dicom_veil.stack import stacked

        count, shape, dtype = self._alike.total()
        stack = stacked(self._planes)
        color = len(shape) == 3
        first = self._modalities[0]
        shared = color or (first.table is None and all(one == first for one in self._modalities))
        if not shared or list(stack.order) != list(range(count)):
            self._rewrite(stack.order, shape, dtype, rescale=not shared)
        rows, columns = shape[:2]
        volume = Volume(
            shape=(columns, rows, stack.slices, count // stack.slices),
            dtype=dtype if shared else np.dtype(FLOAT),
            color=color,
            size=stack.size,
            affine=stack.affine,
            slope=first.slope if shared else 1.0,
            intercept=first.intercept if shared else 0.0,
        )
        self._target.seek(0)
        self._target.write(header(volume))
        self._target.seek(0, 2)

    def _rewrite(
        self, order: "tuple[int, ...]", shape: tuple[int, ...], dtype: Any, *, rescale: bool
    ) -> None:
        """The frames once more, in order; as modality values where there is no other way."""
        import numpy as np

        from dicom_veil.export.nifti_header import DATA_AT

        self._target.seek(DATA_AT)
        little = dtype.newbyteorder("<")
        frames = np.frombuffer(self._target.read(), little).reshape(-1, *shape)
        self._target.seek(DATA_AT)
        for index in order:
            values = frames[index]
            if rescale:
                values = self._modalities[index].apply(values).astype(FLOAT)
            self._target.write(np.ascontiguousarray(values).tobytes())


FORMAT = Format(
    "nifti", "NIfTI", ".nii", "application/x-nifti",
    scope="series", options=(), open=NiftiWriter,
)  # fmt: skip
