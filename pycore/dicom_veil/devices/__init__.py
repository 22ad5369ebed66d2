"""Where devices burn text in: rules with rectangles, from open lists and from a person's own.

conditions   what of a header a rule asks for
rules        rule files, and the regions that they make of an instance
ctp          scripts of the RSNA CTP DicomPixelAnonymizer → rules
deid         recipes of `deid` → rules
"""
