"""Explanations as diagnoses, for readers.

This file owns the words around a mistake: what is seen, and the program with its numbers by hand; it must not know how
mistakes are found. Read next: `finding.py`, what a diagnosis says.
"""
from __future__ import annotations
__all__: list[str] = []
