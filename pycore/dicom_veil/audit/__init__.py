"""What lets somebody else say yes: numbers before and after, a sample to look at, hashes.

    baseline  counts of the originals against those of the results, and what was flagged
    spot      the spot check: which instances to look at, and what follows from what was seen
    manifest  SHA-256 of the program and of every file that it wrote
    notes     what a person writes into the log, held against the original

All of it is data without an original value; `report` puts it into the log.
"""
