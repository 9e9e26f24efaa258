"""What browsers are told that an answer may do, as Content-Security-Policies."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from pathlib import Path

# A page may load scripts, styles and data from here and pictures from here or from itself; nothing else, from nobody.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self';"
    " form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
# The style that the copy of somebody else's page carries within it, and the only thing that it may use: nothing of
# ours is within its reach.
COPY_STYLE = (Path(__file__).parent / "static" / "copy.css").read_text(encoding="utf-8")
_HASH = b64encode(hashlib.sha256(COPY_STYLE.encode()).digest()).decode()
COPY_POLICY = (
    f"sandbox; default-src 'none'; style-src 'sha256-{_HASH}';"
    " img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
