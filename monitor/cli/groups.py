"""A group of commands one of which is meant when none is named: ``monitor incidents`` lists, ``… merge`` merges."""

from __future__ import annotations

import click


class WithDefault(click.Group):
    """A group whose command ``default`` runs when the first word is no command of the group."""

    default = "list"

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put the default's name in front where none stands."""
        if not args or (args[0] not in self.commands and args[0] not in ctx.help_option_names):
            args = [self.default, *args]
        return super().parse_args(ctx, args)
