"""From what a person points at to instances in order: nothing is decided in silence.

    source     where the bytes of one input are, and how they are opened
    archives   ZIP and TAR as they are, with limits
    directory  DICOMDIR → the files that it names
    find       folders, archives, DICOMDIRs → sources, and what is left out with its reason
    header     one instance → what grouping and questions need of its header
    grouping   patient → study → series; duplicates
    questions  what a person has to answer before anything is written
    people     who is who, by those answers

`header`, `grouping` and `questions` are pure and import no archive's module, for the tab.
Everything here may hold a patient's values, and stays on the person's own machine: reports and
journals get what `batch` makes of it.
"""
