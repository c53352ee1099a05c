"""Identifiers as the API spells them."""

import uuid

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def identifier(prefix, value):
    """The API's spelling of an id that Postgres shows as a UUID."""
    bits = uuid.UUID(value).int
    text = ""
    for _ in range(26):
        text = ALPHABET[bits & 31] + text
        bits >>= 5
    return f"{prefix}_{text}"


def as_uuid(text):
    """The UUID that Postgres keeps for an id of the API."""
    bits = 0
    for character in text.rpartition("_")[2]:
        bits = bits << 5 | ALPHABET.index(character)
    return str(uuid.UUID(int=bits))
