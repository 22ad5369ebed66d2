"""Text burned into pixels: found, read and judged.

Nothing here runs a model. Whatever needs one is a generator that yields `Ask` (which model, its
input) and is sent the model's output, so the same code works on onnxruntime natively and on
onnxruntime-web in the tab.
"""
