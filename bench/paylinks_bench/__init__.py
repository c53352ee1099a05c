"""Measures Paylinks and the parts that bound it, on one machine, in one run."""
