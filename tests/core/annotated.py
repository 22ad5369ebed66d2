"""A presentation state whose annotations use what PS3.3 C.10.5 allows: text, shapes, styles."""

from io import BytesIO
from typing import Any

from pydicom import dcmwrite
from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.uid import (
    ExplicitVRLittleEndian,
    GrayscaleSoftcopyPresentationStateStorage,
    SecondaryCaptureImageStorage,
)

COLOR, POINT = [1, 2, 3], [1.0, 2.0]


def item(**attributes: Any) -> Dataset:
    """A data set of attributes by keyword."""
    dataset = Dataset()
    for keyword, value in attributes.items():
        setattr(dataset, keyword, value)
    return dataset


def shadow() -> dict[str, Any]:
    return {"ShadowStyle": "NORMAL", "ShadowOffsetX": 1.0, "ShadowOffsetY": 1.0,
            "ShadowColorCIELabValue": COLOR, "ShadowOpacity": 0.5}  # fmt: skip


def texts(words: str) -> list[Dataset]:
    style = item(CSSFontName="Arial", TextColorCIELabValue=COLOR, HorizontalAlignment="CENTER",
                 VerticalAlignment="CENTER", Underlined="Y", Bold="Y", Italic="Y",
                 **shadow())  # fmt: skip
    boxed = item(BoundingBoxAnnotationUnits="PIXEL", BoundingBoxTopLeftHandCorner=POINT,
                 BoundingBoxBottomRightHandCorner=[3.0, 4.0], UnformattedTextValue=words,
                 BoundingBoxTextHorizontalJustification="CENTER")  # fmt: skip
    anchored = item(AnchorPointAnnotationUnits="DISPLAY", AnchorPoint=POINT,
                    AnchorPointVisibility="Y", UnformattedTextValue=words,
                    TextStyleSequence=[style])  # fmt: skip
    return [boxed, anchored]


def shape() -> Dataset:
    pattern = {"PatternOnColorCIELabValue": COLOR, "PatternOffColorCIELabValue": COLOR,
               "PatternOnOpacity": 1.0, "PatternOffOpacity": 0.5}  # fmt: skip
    line = item(LineThickness=2.0, LineDashingStyle="DASHED", LinePattern=255,
                **pattern, **shadow())  # fmt: skip
    fill = item(FillMode="STIPPELED", FillPattern=b"\0" * 128, **pattern)
    return item(GraphicAnnotationUnits="PIXEL", GraphicDimensions=2, NumberOfGraphicPoints=2,
                GraphicData=[1.0, 2.0, 3.0, 4.0], GraphicType="CIRCLE", GraphicFilled="Y",
                LineStyleSequence=[line], FillStyleSequence=[fill])  # fmt: skip


def compound() -> Dataset:
    return item(CompoundGraphicInstanceID=5, CompoundGraphicUnits="PIXEL", GraphicDimensions=2,
                NumberOfGraphicPoints=2, GraphicData=[1.0, 2.0, 3.0, 4.0],
                CompoundGraphicType="RULER", ShowTickLabel="Y", TickAlignment="BOTTOM",
                TickLabelAlignment="BOTTOM",
                MajorTicksSequence=[item(TickPosition=0.1, TickLabel="1"),
                                    item(TickPosition=0.9, TickLabel="9")])  # fmt: skip


def presentation_state(words: str) -> bytes:
    """A file of a Grayscale Softcopy Presentation State (PS3.3 A.33) that says `words`."""
    image = item(ReferencedSOPClassUID=SecondaryCaptureImageStorage,
                 ReferencedSOPInstanceUID="1.2.3.4")  # fmt: skip
    annotation = item(ReferencedImageSequence=[image], GraphicLayer="MARKS",
                      TextObjectSequence=texts(words), GraphicObjectSequence=[shape()],
                      CompoundGraphicSequence=[compound()])  # fmt: skip
    area = item(ReferencedImageSequence=[image], DisplayedAreaTopLeftHandCorner=[1, 1],
                DisplayedAreaBottomRightHandCorner=[9, 9], PresentationSizeMode="SCALE TO FIT",
                PresentationPixelSpacing=[1, 1])  # fmt: skip
    series = item(SeriesInstanceUID="1.2.3.3", ReferencedImageSequence=[image])
    dataset = item(
        SOPClassUID=GrayscaleSoftcopyPresentationStateStorage, SOPInstanceUID="1.2.3.9",
        StudyDate="20190817", StudyTime="101112", AccessionNumber="1", Modality="PR",
        Manufacturer="M", ReferringPhysicianName="A^B", PatientName="C^D", PatientID="1",
        PatientBirthDate="19600101", PatientSex="F", StudyInstanceUID="1.2.3.1",
        SeriesInstanceUID="1.2.3.2", StudyID="1", SeriesNumber=1, InstanceNumber=1, Laterality="",
        PresentationCreationDate="20190817", PresentationCreationTime="101112",
        ContentLabel="MARKS", ContentDescription="d", ContentCreatorName="E^F",
        ReferencedSeriesSequence=[series], DisplayedAreaSelectionSequence=[area],
        GraphicAnnotationSequence=[annotation],
        GraphicLayerSequence=[item(GraphicLayer="MARKS", GraphicLayerOrder=1)],
        PresentationLUTShape="IDENTITY",
    )  # fmt: skip
    meta = FileMetaDataset()
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    target = BytesIO()
    file = FileDataset("", dataset, preamble=bytes(128), file_meta=meta)
    dcmwrite(target, file, enforce_file_format=True)
    return target.getvalue()
