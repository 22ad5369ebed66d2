"""Thousands of instances through the one unit of work, on processes or on a cluster.

    prepare   sources → headers → duplicates, questions, a name for every output: the whole plan
    tree      names of outputs
    work      what a worker does with one instance
    pool      processes of this machine; one that dies or hangs is replaced
    cluster   the same on Dask
    journal   what is finished, so that an interrupted run goes on
    run       the plan through the workers; every input ends as written, quarantined or left out
    drawing   what a worker draws of one result
    pictures  a picture of each frame of the finished tree, made of the results
    packing   the finished tree as ZIP files
    media     a DICOMDIR for the finished tree

An *executor* is `(task, jobs) → (job, answer) in any order`, where an answer is what the task
gave or a `Refusal`. `pool.run` is one, `cluster.executor` makes another; a tab is a third.
"""
