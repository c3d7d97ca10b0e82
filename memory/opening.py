"""The memory of one installation: its embedder, and Chroma where the settings name one. Opening loads no model."""

from dataclasses import dataclass
from pathlib import Path

from core.settings import Settings
from memory.chroma import ChromaIndex
from memory.embedders.choose import open_embedder
from memory.embedders.protocol import Embedder


@dataclass
class Memory:
    """What indexing and searching need beside the store."""

    embedder: Embedder
    chroma: ChromaIndex | None = None
    home: Path | None = None

    def close(self) -> None:
        """Gives the Chroma folder back, if it was opened."""
        if self.chroma is not None:
            self.chroma.close()


def open_memory(settings: Settings) -> Memory:
    """The memory that the settings describe.

    Raises:
        InvalidSettingError: the embedder's setting cannot be read.
    """
    place = settings.memory_chroma_url.strip()
    chroma = ChromaIndex(place, settings.home_dir / "chroma") if place else None
    return Memory(open_embedder(settings), chroma, settings.home_dir)
