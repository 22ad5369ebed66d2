"""A set of frames with and without text, made of real pictures, and how a scan does on it."""
