"""Distributions of `scipy.stats`: a table of formulas, and the methods that follow from it."""
