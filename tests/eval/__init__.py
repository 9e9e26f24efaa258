"""Floors under what is measured on the shared data; they skip where it is absent."""
