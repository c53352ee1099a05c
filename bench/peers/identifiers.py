"""Time-ordered ids, spelled as the API spells them."""

import secrets
import time
import uuid

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
VALUES = {character: value for value, character in enumerate(ALPHABET)}


def mint() -> uuid.UUID:
    return uuid.UUID(int=time.time_ns() // 1_000_000 << 80 | secrets.randbits(80))


def spell(prefix: str, value: uuid.UUID) -> str:
    bits = value.int
    characters = []
    for _ in range(26):
        characters.append(ALPHABET[bits & 31])
        bits >>= 5
    return f"{prefix}_{''.join(reversed(characters))}"


def parse(prefix: str, text: str) -> uuid.UUID:
    head, _, body = text.partition("_")
    if head != prefix or len(body) != 26:
        raise ValueError(f"not a {prefix}_ id")
    bits = 0
    for character in body:
        bits = bits << 5 | VALUES[character]
    return uuid.UUID(int=bits)
