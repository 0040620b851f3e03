"""The client under examination, as a command that runs beside the emulator."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress

ENDING_S = 3.0
#: A group of its own, so that what the command has started ends with it: npm starts node.
GROUPS = sys.platform != "win32"


class Examinee:
    """A command that runs; true as long as it does.

    Args:
        process: What was started.
    """

    def __init__(self, process: "subprocess.Popen[bytes]") -> None:
        self._process = process
        #: What it ended with of its own accord; None while it runs, and if it was ended.
        self.status: int | None = None

    def __call__(self) -> bool:
        """Return whether it still runs."""
        self.status = self._process.poll()
        return self.status is None

    def end(self) -> None:
        """End it with all that it has started: at first politely, then not."""
        if not self():
            return
        self._signal(signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(ENDING_S)
        self._signal(signal.SIGKILL if GROUPS else signal.SIGTERM)
        self._process.wait()

    def _signal(self, number: int) -> None:
        with suppress(ProcessLookupError, PermissionError):
            if GROUPS:
                os.killpg(self._process.pid, number)
            elif number == signal.SIGTERM:
                self._process.terminate()


@contextmanager
def running(command: Sequence[str], environ: Mapping[str, str]) -> Iterator[Examinee]:
    """Run the client under test; it ends with the block.

    Raises:
        OSError: There is no such command.
    """
    # Whoever reads a terminal from another group is stopped for good.
    stdin = subprocess.DEVNULL if sys.stdin is None or sys.stdin.isatty() else None
    group = {"process_group": 0} if GROUPS else {}
    process = subprocess.Popen(command, env=dict(environ), stdin=stdin, **group)  # type: ignore[call-overload]  # noqa: S603 - the user's own
    examinee = Examinee(process)
    try:
        yield examinee
    finally:
        examinee.end()
