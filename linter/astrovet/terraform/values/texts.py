"""Texts as Terraform keeps and counts them."""

from __future__ import annotations

from astrovet.terraform.values.refusal import UndecidedError


def composed(text: str) -> str:
    """The text as Terraform keeps all texts: in Unicode's composed form (NFC).

    Raises:
        UndecidedError: it holds half of a character.
    """
    if text.isascii():
        return text
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise UndecidedError("a text holds half of a character")
    from unicodedata import normalize

    return normalize("NFC", text)


def graphemes(text: str) -> list[str]:
    """The characters as Terraform counts them, which is by what a reader sees as one.

    Raises:
        UndecidedError: several characters of the text may count as one.
    """
    if "\r" in text or (not text.isascii() and any(character >= "\u0300" for character in text)):
        raise UndecidedError("astrovet does not count the characters of this text")
    return list(text)
