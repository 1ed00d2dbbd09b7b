"""Builds the kernels, where there is a C compiler; without one Python and numpy do their work.

All else stands in pyproject.toml. The compiler is that of CC, the system's, or the one that pip
installs (`pip install ziglang`). A library speaks to no Python: one serves all versions.
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

FOLDERS = ["indexer/engines/whoosh/native", "service/snippets/native"]
SLOWER = "searching will take longer, since the kernels were not compiled"
FLAGS = ["-std=c11", "-O3", "-fPIC", "-shared", "-ffp-contract=off", "-fno-math-errno"]


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
        source = crc32(b"".join(Path(each).read_bytes() for each in _files(ext.sources[0])))
        command = [*found, *FLAGS, f"-DSOURCE={source}", "-o", str(target), *ext.sources, "-lm"]
        try:
            subprocess.run(command, check=True)
        except (OSError, subprocess.CalledProcessError) as error:
            self.warn(f"{SLOWER}: {error}")


def _files(beside: str) -> list[str]:
    """Return all of a library's source, of which *beside* is one."""
    return sorted(map(str, Path(beside).parent.glob("*.[ch]")))


def _library(folder: str) -> Extension:
    files = _files(f"{folder}/source.c")
    return Extension(
        f"{folder.replace('/', '.')}.kernels",
        [each for each in files if each.endswith(".c")],
        depends=[each for each in files if each.endswith(".h")],
        optional=True,
    )


setup(ext_modules=[*map(_library, FOLDERS)], cmdclass={"build_ext": BuildKernels})
