"""Text that comes from files of strangers, made harmless for a terminal and for the log of a runner.

Every start needs this, and so it does without `re` where nothing is amiss.
"""

from __future__ import annotations

COLOR = r"\x1b(?!\[[0-9;]{0,12}m|\]8;;(?:https://github\.com/astrovet/astrovet/blob/main/[\w./-]{1,200})?\x1b\\|\\)"
"""What is neither the code of a colour nor a link to a page of ours."""
ANYWHERE = r"#(?=#(?:vso)?\[)"
"""Where a runner sees a command, wherever it stands in a line: `##[` or `##vso[` (GitHub, Azure)."""
COMMAND = rf"^[^\S\n]*+:(?=:)|{ANYWHERE}"
"""The same, and a line that begins with `::` (GitHub)."""


def unicode_escape(character: str) -> str:
    r"""`\uXXXX`, two of them for a character beyond the first plane: as JSON has it."""
    units = character.encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{units[index : index + 4]}" for index in range(0, len(units), 4))


_RANGES = (
    (0x00, 0x08), (0x0B, 0x1F), (0x7F, 0x9F), (0x61C, 0x61C), (0x200B, 0x200F), (0x2028, 0x202E), (0x2060, 0x2069),
    (0xD800, 0xDFFF), (0xFEFF, 0xFEFF),
)  # fmt: skip
UNSEEN = {code: f"\\u{code:04x}" for first, last in _RANGES for code in range(first, last + 1)}
"""Characters that repaint a terminal, end a line, turn the direction of writing, or cannot be seen or written."""
UNSEEN_IN_LINE = {0x0A: unicode_escape("\n"), **UNSEEN}
UNSEEN_IN_COLORS = {code: escape for code, escape in UNSEEN.items() if code != 0x1B}


def harmless(text: str, *, colored: bool = False, is_line: bool = False, commands: bool = False) -> str:
    r"""The same text, which repaints nothing and speaks to nobody but people.

    Reporters make harmless what they show, by the rules of their format. This is for what is written as it is
    (standard error, settings), and the last word on everything. Its escapes read back as the same character in
    JSON, so that even there nothing but the spelling changes.

    Args:
        text: what is to be written.
        colored: the codes of colours stay.
        is_line: newlines are no part of it, and are escaped too.
        commands: lines that begin with `::` are commands of ours for a runner, and stay.
    """
    shown = text.translate(UNSEEN_IN_LINE if is_line else UNSEEN_IN_COLORS if colored else UNSEEN)
    if colored and "\x1b" in shown:
        import re

        shown = re.sub(COLOR, lambda sign: unicode_escape(sign[0]), shown)
    if "::" in shown or "##" in shown:
        import re

        pattern = ANYWHERE if commands else COMMAND
        shown = re.sub(pattern, lambda sign: sign[0][:-1] + unicode_escape(sign[0][-1]), shown, flags=re.MULTILINE)
    return shown
