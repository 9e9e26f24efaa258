"""Benchmarks: ``python -m tests.bench`` prints ratios, measured in one run on one machine; docs/benchmarks.md explains."""
