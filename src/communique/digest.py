"""The content address used throughout."""

from __future__ import annotations

from hashlib import blake2b


def digest_of(data: bytes) -> str:
    """Return the digest of some bytes: BLAKE2b, 128 bits, in hexadecimal."""
    return blake2b(data, digest_size=16).hexdigest()
