"""Options before overrides, and mistakes in them as UserError."""

from __future__ import annotations

import argparse
from typing import NoReturn

from sdbench.errors import UserError, nearest


class Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise UserError(f"{message}; see {self.prog} --help")

    def parse(self, words: list[str]) -> tuple[argparse.Namespace, list[str]]:
        """Options, and what is left for Hydra. Raises UserError for an option that is none."""
        known, overrides = self.parse_known_args(words)
        for word in overrides:
            if word.startswith("-"):
                valid = sorted(self._option_string_actions)
                command = self.prog.removeprefix("sdbench ")
                said = nearest(word.partition("=")[0], valid)
                raise UserError(f"{word} is not an option of {command}{said}; see {self.prog} --help")
        return known, overrides
