"""Put made-up inputs to what reads strangers' bytes; every fault is told by its number.

python -m tests.fuzzing 1000000                   all targets, a million inputs each
python -m tests.fuzzing 1000000 parser --seed 3   one of them, other inputs
python -m tests.fuzzing 1 snippet --first 81234   that very input again
"""

from __future__ import annotations

import argparse
import faulthandler
import sys
import time
import traceback

from tests.fuzzing.targets import TARGETS

BOUND = 1.0  # seconds on the processor for one input
_HANGS = 300  # seconds for a thousand inputs; then the trace is shown
_SHOWN = 20


def run(name: str, count: int, seed: int = 1, first: int = 0) -> list[str]:
    """Return the faults that *count* inputs find in the target *name*."""
    target, faults = TARGETS[name], []
    for number in range(first, first + count):
        if number % 1_000 == 0:
            faulthandler.dump_traceback_later(_HANGS, exit=True)
        started = time.thread_time()
        try:
            target(seed, number)
        except Exception:
            faults.append(f"{name} {number} --seed {seed}\n{traceback.format_exc(limit=-3)}")
        if (took := time.thread_time() - started) > BOUND:
            faults.append(f"{name} {number} --seed {seed} takes {took:.1f} s")
    faulthandler.cancel_dump_traceback_later()
    return faults


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("count", type=int)
    parser.add_argument("targets", nargs="*", default=[], metavar=f"{{{','.join(TARGETS)}}}")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--first", type=int, default=0)
    options = parser.parse_args()
    found = 0
    for name in options.targets or TARGETS:
        started = time.monotonic()
        faults = run(name, options.count, options.seed, options.first)
        found += len(faults)
        print(*faults[:_SHOWN], sep="\n")
        last = options.first + options.count
        seconds = time.monotonic() - started
        print(f"{name} {options.first}..{last}: {len(faults)} faults, {seconds:.0f} s", flush=True)
    return bool(found)


if __name__ == "__main__":
    sys.exit(main())
