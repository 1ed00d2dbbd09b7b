"""Builds the kernels of the engine, where there is a C compiler; without one numpy does their work.

All else stands in pyproject.toml. The compiler is that of CC, the system's, or the one that pip
installs (`pip install ziglang`). The library speaks to no Python: one serves all versions.
"""

import os
import shlex
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from zlib import crc32

from setuptools import Extension, setup
from setuptools.command.build_ext import build_ext

KERNELS = sorted(map(str, Path("indexer/engines/whoosh/native").glob("*.[ch]")))
SLOWER = "searching will take longer, since the kernels were not compiled"
FLAGS = ["-std=c11", "-O3", "-fPIC", "-shared", "-ffp-contract=off"]


def compiler() -> list[str]:
    """Return the command of a C compiler, empty where there is none."""
    if "CC" in os.environ:
        return shlex.split(os.environ["CC"])
    for name in ("cc", "gcc", "clang"):
        if found := shutil.which(name):
            return [found]
    if find_spec("ziglang"):  # which would take the processor that is here for everybody's
        return [sys.executable, "-m", "ziglang", "cc", "-mcpu=baseline"]
    return []


class BuildKernels(build_ext):
    """Compiles C into one library that ctypes loads."""

    def get_ext_filename(self, fullname: str) -> str:
        """Return the file's path: of no Python's version."""
        return f"{fullname.replace('.', '/')}.so"

    def build_extension(self, ext: Extension) -> None:
        """Compile *ext*; say so where that cannot be, and go on."""
        target, found = Path(self.get_ext_fullpath(ext.name)), compiler()
        if not found:
            self.warn(f"{SLOWER}: there is no C compiler (`pip install ziglang` brings one)")
            return
        target.parent.mkdir(parents=True, exist_ok=True)
        source = crc32(b"".join(Path(each).read_bytes() for each in KERNELS))
        command = [*found, *FLAGS, f"-DSOURCE={source}", "-o", str(target), *ext.sources]
        try:
            subprocess.run(command, check=True)
        except (OSError, subprocess.CalledProcessError) as error:
            self.warn(f"{SLOWER}: {error}")


setup(
    ext_modules=[
        Extension(
            "indexer.engines.whoosh.native.kernels",
            [each for each in KERNELS if each.endswith(".c")],
            depends=[each for each in KERNELS if each.endswith(".h")],
            optional=True,
        )
    ],
    cmdclass={"build_ext": BuildKernels},
)
