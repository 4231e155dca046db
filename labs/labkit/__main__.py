"""``python -m labkit``: what can be asked of the kit from a terminal."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence
from typing import TypeAlias

from labkit.language import Text

__all__ = ["main"]

_LACKS = Text("This Python ({python}) lacks the package {name}, which labs need. ./run doctor sets up one that has all.",
              "這個 Python（{python}）沒有實驗所需的套件 {name}。./run doctor 會準備一個套件齊全的環境。")
_Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 0 when all is well, 1 when something is amiss, 2 with a sentence when it cannot do what was asked."""
    chosen = _parser().parse_args(arguments)
    status = 0
    try:
        status = chosen.run(chosen)
        sys.stdout.flush()
    except BrokenPipeError:  # the reader of a pipe, such as head, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (LookupError, ValueError, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    except ModuleNotFoundError as lacking:
        if (lacking.name or "labkit").startswith("labkit"):
            raise
        print(_LACKS.format(name=lacking.name, python=sys.executable), file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return status


def _parser() -> argparse.ArgumentParser:
    what = Text("Microservices by Experiment: the lab kit.", "微服務實驗筆記：實驗工具。")
    parser = argparse.ArgumentParser(prog="python -m labkit", description=str(what))
    commands = parser.add_subparsers(required=True, metavar=str(Text("command", "指令")))
    _add_claims(commands)
    _add_doctor(commands)
    _add_get(commands)
    _add_ps(commands)
    _add_clean(commands)
    return parser


def _add_claims(commands: _Commands) -> None:
    text = Text("list what the book claims: which lab judges it, the verdict, what was measured, when and where",
                "列出本書的所有主張：由哪個實驗判斷、判定、測得的數字、時間與機器")
    command = commands.add_parser("claims", help=str(text), description=str(text))
    command.add_argument("--json", action="store_true", help=str(Text("print a JSON list", "輸出 JSON 列表")))
    command.set_defaults(run=_claims)


def _claims(chosen: argparse.Namespace) -> int:
    from labkit.check.listing import standings, table  # here, so that other commands need not wait for it

    found = standings()
    print(json.dumps([each.to_json() for each in found], ensure_ascii=False, indent=1) if chosen.json else table(found))
    return 0


def _add_doctor(commands: _Commands) -> None:
    text = Text("look at what labs need and this machine has, and say for each gap the one command that mends it",
                "檢查這台機器具備哪些實驗所需的東西，並說明補上每個缺口的那一個指令")
    status = Text("The status is 0 when labs can run here, 1 when something that they need is missing.",
                  "可以執行實驗時狀態碼是 0，缺少實驗所需的東西時是 1。")
    command = commands.add_parser("doctor", help=str(text), description=f"{text}. {status}")
    command.add_argument("--json", action="store_true", help=str(Text("print one JSON object", "輸出一個 JSON 物件")))
    command.add_argument("--fix", action="store_true", help=str(Text("first mend what needs no more rights than you have",
                                                                    "先補上不需要更高權限的部分")))
    command.set_defaults(run=_doctor)


def _doctor(chosen: argparse.Namespace) -> int:
    from labkit.doctor.command import doctor

    return doctor(chosen.json, chosen.fix)


def _add_get(commands: _Commands) -> None:
    text = Text("fetch the programs of systems that are not on this machine", "取得這台機器上沒有的系統程式")
    command = commands.add_parser("get", help=str(text), description=str(text))
    command.add_argument("name", nargs="*", help=str(Text("systems, or a chapter's set such as bus; all are listed if left out",
                                                          "系統，或一章的整組，例如 bus；不指定則列出全部")))
    command.add_argument("--list", action="store_true", help=str(Text("only list them, and whether they are here",
                                                                      "只列出，以及是否已經具備")))
    command.add_argument("--json", action="store_true", help=str(Text("print a JSON list", "輸出 JSON 列表")))
    command.add_argument("--yes", action="store_true", help=str(Text("let the system's package manager install without asking",
                                                                    "讓系統的套件管理工具直接安裝，不再詢問")))
    command.set_defaults(run=_get)


def _get(chosen: argparse.Namespace) -> int:
    from labkit.get.command import get

    return get(chosen.name, chosen.list, chosen.json, chosen.yes)


def _add_ps(commands: _Commands) -> None:
    text = Text("list your labs on this machine: those that run, and what others have left",
                "列出你在這台機器上的實驗：執行中的，以及其他實驗遺留的")
    command = commands.add_parser("ps", help=str(text), description=str(text))
    command.add_argument("--json", action="store_true", help=str(Text("print one JSON object", "輸出一個 JSON 物件")))
    command.set_defaults(run=_ps)


def _ps(chosen: argparse.Namespace) -> int:
    from labkit.tidy.commands import ps

    return ps(chosen.json)


def _add_clean(commands: _Commands) -> None:
    text = Text("end what labs have left whose owner is gone; nothing of a living lab is touched",
                "結束擁有者已經不在的實驗所遺留的東西，不動執行中的實驗")
    command = commands.add_parser("clean", help=str(text), description=str(text))
    command.add_argument("lab", nargs="*", help=str(Text("which labs, as ps names them; all of yours if left out",
                                                         "哪些實驗，名稱如 ps 所列；不指定則是你的全部")))
    command.add_argument("--dry-run", action="store_true", help=str(Text("only say what would be ended", "只說明會結束什麼")))
    command.add_argument("--all", action="store_true", help=str(Text("end your living labs too, after asking",
                                                                    "也結束你執行中的實驗，會先詢問")))
    command.add_argument("--yes", action="store_true", help=str(Text("do not ask", "不要詢問")))
    command.set_defaults(run=_clean)


def _clean(chosen: argparse.Namespace) -> int:
    from labkit.tidy.commands import clean

    return clean(chosen.lab, chosen.all, chosen.yes, chosen.dry_run)


if __name__ == "__main__":
    sys.exit(main())
