"""The content address used throughout, and bytes that carry their own."""

from __future__ import annotations

from hashlib import blake2b


def digest_of(data: bytes) -> str:
    """Return the digest of some bytes: BLAKE2b, 128 bits, in hexadecimal."""
    return blake2b(data, digest_size=16).hexdigest()


def seal(data: bytes) -> bytes:
    """Return bytes that tell whether they were damaged since (see `unseal`)."""
    return blake2b(data, digest_size=16).digest() + data


def unseal(sealed: bytes) -> bytes:
    """Return what was sealed. Raises: `ValueError` if it is not what it was."""
    data = sealed[16:]
    if seal(data) != sealed:
        raise ValueError("damaged")
    return data
