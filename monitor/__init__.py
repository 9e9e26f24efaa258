"""Border Monitor: collect, understand and query news about a border."""

__version__ = "0.1.0"
