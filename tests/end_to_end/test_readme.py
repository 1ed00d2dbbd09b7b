"""Do the commands of the README work, and do they answer what it shows?"""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from typing import Any

from tests.end_to_end.conftest import Serve

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
COMMANDS = [line for kind, block in BLOCKS if kind == "sh" for line in block.splitlines()]
SHOWN = next(block for kind, block in BLOCKS if kind == "json")
ELSEWHERE = ("docker", "make test")  # test_container.py, and the run that we are part of


def test_the_commands_work_one_after_the_other(
    checkout: Path, port: int, serve: Serve, environment: dict[str, str]
) -> None:
    assert COMMANDS[0] == "make run"
    serve(["make", "run", f"PORT={port}"], port, cwd=checkout, env=environment)
    answers = {}
    for command in COMMANDS[1:]:
        if not command.startswith(ELSEWHERE):
            here = command.replace("127.0.0.1:8000", f"127.0.0.1:{port}")
            answers[command] = subprocess.run(
                ["sh", "-ec", here],
                cwd=checkout,
                env=environment,
                capture_output=True,
                text=True,
                check=False,
            )
    for command, answer in answers.items():
        assert answer.returncode == 0, f"{command}: {answer.stderr}"
        assert answer.stdout.strip(), command
    [shown] = (answer for command, answer in answers.items() if "json.tool" in command)
    assert lasting(shown.stdout) == lasting(SHOWN), f"the README has to show\n{shown.stdout}"


def lasting(answer: str) -> dict[str, Any]:
    """An answer without what differs from run to run, or with each better ranking."""
    shown = json.loads(answer)
    del shown["took_ms"]
    for result in shown["results"]:
        del result["score"]
    return shown


def test_the_readme_stays_short() -> None:
    assert len(README.splitlines()) <= 150
