"""What the command line says when it cannot go on."""

from typing import IO, Any

import click


class Complaint(click.ClickException):
    """Something that the user can put right; one line, no traceback."""

    exit_code = 2

    def show(self, file: IO[Any] | None = None) -> None:
        """Print it."""
        click.echo(f"cwmock: {self.format_message()}", file=file, err=file is None)
