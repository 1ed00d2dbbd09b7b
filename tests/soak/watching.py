"""Open files and memory of the workers, from the first minutes to the last."""

from __future__ import annotations

from statistics import median

from tests.soak.model import Wrong
from tests.soak.processes import Service, Size, size_of

_FILES = 40  # more than at first: merges open and close segments, clients connections
_MEMORY = 1.25  # times what it was at first
_LITTLE = 20.0  # MB that are no growth worth a word


class Watch:
    """Measures all workers; judges the one that has lived from the first look to the last."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self.spared = service.workers[0]  # by kills
        self._spared: list[Size] = []
        self.files = 0
        self.memory = 0.0

    def look(self) -> None:
        """Measure each worker now."""
        for worker in self._service.workers:
            if size := size_of(worker):
                self.files = max(self.files, size.files)
                self.memory = max(self.memory, size.memory)
                if worker == self.spared:
                    self._spared.append(size)

    def verdict(self) -> list[tuple[str, str]]:
        """Return the figures. Raise Wrong where they grew."""
        third = max(1, len(self._spared) // 3)
        # What a new worker loads first, and what it learns of words, is no growth.
        first, last = self._spared[third : 2 * third], self._spared[-third:]
        files = [median(size.files for size in part) for part in (first, last)]
        memory = [median(size.memory for size in part) for part in (first, last)]
        if files[1] > files[0] + _FILES:
            raise Wrong(f"open files grew from {files[0]:g} to {files[1]:g}")
        if memory[1] > max(memory[0] * _MEMORY, memory[0] + _LITTLE):
            raise Wrong(f"memory grew from {memory[0]:.0f} to {memory[1]:.0f} MB")
        return [
            ("open files, one worker, middle third → last", f"{files[0]:g} → {files[1]:g}"),
            ("open files, any worker, most", str(self.files)),
            ("private memory, one worker, same", f"{memory[0]:.0f} → {memory[1]:.0f} MB"),
            ("private memory, any worker, most", f"{self.memory:.0f} MB"),
        ]
