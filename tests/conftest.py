"""How tests with made-up examples run: the same ones every time, and others where somebody looks for new ones.

``pytest --hypothesis-profile=search`` looks.
"""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("same", derandomize=True, deadline=None)
settings.register_profile("search", max_examples=2000, deadline=None)
settings.load_profile("same")
