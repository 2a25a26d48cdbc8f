"""The right edge: everything that astrovet writes goes through here, to a stream or to a file that the user names.

What can stand in a line comes from files of strangers, so a line is made harmless where it is written, whoever
made it. A stream that cannot be written is an error of the surroundings, told in a sentence and never a verdict.
"""

from __future__ import annotations

import codecs
import errno
import os
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from astrovet.harmless import harmless, unicode_escape

TYPE_CHECKING = False  # `typing` would be all that `--version` loads it for
if TYPE_CHECKING:
    from typing import NoReturn, TextIO

NO_NEW_FILE = (errno.EACCES, errno.EPERM, errno.EROFS, errno.EBUSY)
"""What a folder says that takes no new file, and yet may hold one that can be written: one that is mounted there."""

EXIT_UNWRITTEN = 2
"""As for an input that cannot be used: the run has said nothing, or not to whom it should."""


def prepare() -> None:
    """Let signals end the process as they end any other, and let no text fail for want of a letter.

    Nothing here needs to be tidied up after a signal: a report is put in its place while signals wait. So a broken
    pipe (`astrovet … | true`), an interrupt and a termination need no code of ours that could be interrupted itself.
    """
    import signal

    if hasattr(signal, "SIGPIPE"):
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:  # not where a shell lets it be ignored
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    codecs.register_error("astrovet", _escaped)
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:  # as it is where the stream was closed from the start
            stream.reconfigure(errors="astrovet")  # type: ignore[union-attr]  # typed as a TextIO
    _hold_standard_descriptors()


def _escaped(error: UnicodeError) -> tuple[str, int]:
    """What the encoding of a stream cannot write, as an escape that is one in JSON too."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "".join(map(unicode_escape, error.object[error.start : error.end])), error.end


def _hold_standard_descriptors() -> None:
    """Open what was closed from the start, so that no file that is opened later is taken for a standard stream."""
    with suppress(OSError):
        while True:
            descriptor = os.open(os.devnull, os.O_RDWR)
            if descriptor > 2:
                os.close(descriptor)
                return


def show(content: str, *, colored: bool = False, commands: bool = False) -> None:
    """Write the answer to standard output; where that cannot be done, say so and end with 2.

    Args:
        content: the answer, with its newlines.
        colored: it holds the codes of colours, which stay.
        commands: it holds commands for a runner, which stay.
    """
    if not content:
        return
    if sys.stdout is None:
        _unwritten("it is closed")
    try:
        _write(sys.stdout, harmless(content, colored=colored, commands=commands))
    except OSError as error:
        _discard(1)
        _unwritten(error.strerror or type(error).__name__)


def tell(said: str, *, is_line: bool = True) -> None:
    """Write to standard error: a line, or several of our own. Where that cannot be done, nobody listens."""
    if sys.stderr is None:
        return
    from astrovet.secrecy import without_credentials

    try:
        _write(sys.stderr, harmless(without_credentials(said), is_line=is_line) + "\n")
    except OSError:
        _discard(2)


def _write(stream: TextIO, content: str) -> None:
    stream.write(content)
    stream.flush()


def _unwritten(why: str) -> NoReturn:
    tell(f"Error: standard output cannot be written: {why}")
    sys.exit(EXIT_UNWRITTEN)


def _discard(descriptor: int) -> None:
    """Let what a stream still holds go nowhere, so that Python does not fail over it when it ends."""
    with suppress(OSError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, descriptor)
        os.close(nowhere)


def write_file(path: str, content: str, *, commands: bool = False) -> None:
    """Write a report to the file of this name: all of it, or nothing.

    It is written beside its place and then put there, so that a run that is interrupted or has no room leaves the
    file as it was. A link is replaced and never followed: a repository may hold one that leads elsewhere. What is no
    regular file (a FIFO, a terminal, `/dev/stdout`) is written directly. With `commands` those for a runner stay.

    Raises OSError where it cannot be written.
    """
    data = harmless(content, commands=commands).encode()
    try:
        there = os.stat(path)
    except FileNotFoundError:
        there = None
    if there is not None:
        descriptor = _standard_stream(there)
        if descriptor is not None:
            with os.fdopen(os.dup(descriptor), "wb") as stream:
                stream.write(data)
            return
        if not stat.S_ISREG(there.st_mode):
            with open(path, "wb") as stream:
                stream.write(data)
            return
    is_link = os.path.islink(path)
    if there is not None and not is_link and not os.access(path, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), path)
    mode = stat.S_IMODE(there.st_mode) if there is not None and not is_link else None
    with _signals_wait():
        try:
            _put(path, data, mode)
        except OSError as error:
            if mode is None or error.errno not in NO_NEW_FILE:
                raise
            with open(path, "wb") as stream:
                stream.write(data)


def _standard_stream(there: os.stat_result) -> int | None:
    """The descriptor of the standard stream that a name means: written through it, one goes on where the other ends."""
    for descriptor in (1, 2):
        with suppress(OSError):
            if os.path.samestat(os.fstat(descriptor), there):
                return descriptor
    return None


def _put(path: str, data: bytes, mode: int | None) -> None:
    """Write beside the place, then rename. `mode` are the rights of the file that is there."""
    folder, name = os.path.split(path)
    beside = os.path.join(folder, f".{name[:100]}.{os.getpid()}")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666 if mode is None else 0o600)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(data)
        if mode is not None:
            os.chmod(beside, mode)
        os.replace(beside, path)
    except OSError:
        with suppress(OSError):
            os.unlink(beside)
        raise


@contextmanager
def _signals_wait() -> Iterator[None]:
    """Signals that would end the process come after this."""
    import signal

    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    ending = {getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT")}
    before = signal.pthread_sigmask(signal.SIG_BLOCK, ending)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
