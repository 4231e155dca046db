"""``python -m labkit``: what can be asked of the kit from a terminal."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence

from labkit.language import Text

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 0 when it could do what was asked, 2 when it could not, with a sentence on stderr."""
    chosen = _parser().parse_args(arguments)
    try:
        chosen.run(chosen)
        sys.stdout.flush()
    except BrokenPipeError:  # the reader of a pipe, such as head, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (LookupError, ValueError, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    return 0


def _parser() -> argparse.ArgumentParser:
    what = Text("Microservices by Experiment: the lab kit.", "微服務實驗筆記：實驗工具。")
    parser = argparse.ArgumentParser(prog="python -m labkit", description=str(what))
    commands = parser.add_subparsers(required=True, metavar=str(Text("command", "指令")))
    _add_claims(commands)
    return parser


def _add_claims(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    text = Text("list what the book claims: which lab judges it, the verdict, what was measured, when and where",
                "列出本書的所有主張：由哪個實驗判斷、判定、測得的數字、時間與機器")
    command = commands.add_parser("claims", help=str(text), description=str(text))
    command.add_argument("--json", action="store_true", help=str(Text("print a JSON list", "輸出 JSON 列表")))
    command.set_defaults(run=_claims)


def _claims(chosen: argparse.Namespace) -> None:
    from labkit.check.listing import standings, table  # here, so that other commands need not wait for it

    found = standings()
    print(json.dumps([each.to_json() for each in found], ensure_ascii=False, indent=1) if chosen.json else table(found))


if __name__ == "__main__":
    sys.exit(main())
