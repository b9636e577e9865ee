"""Stride, exercise programmes: an example of an app that opens from a patient in Casewell."""
