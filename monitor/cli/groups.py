"""A group of commands one of which is meant when none is named: ``monitor incidents`` lists, ``… merge`` merges."""

from __future__ import annotations

import click


class WithDefault(click.Group):
    """A group whose command ``default`` runs when the first word is no command of the group.

    A word that the default could not take is refused as an unknown command.
    """

    default = "list"

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put the default's name in front where none stands."""
        first = args[0] if args else ""
        takes_words = any(isinstance(param, click.Argument) for param in self.commands[self.default].params)
        known = first in self.commands or first in ctx.help_option_names
        if not known and (takes_words or not first or first.startswith("-")):
            args = [self.default, *args]
        return super().parse_args(ctx, args)
