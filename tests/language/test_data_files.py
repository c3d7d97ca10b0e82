"""Vocabulary files are read whole: a key that stands twice would silently hide the words of the first."""

from pathlib import Path

import pytest
import yaml

import language

_FOLDER = Path(language.__file__).parent
_FILES = sorted(_FOLDER.rglob("*.yaml"))


class _Strict(yaml.SafeLoader):
    """Refuses mappings in which a key stands twice."""


def _mapping(loader: _Strict, node: yaml.MappingNode) -> dict[object, object]:
    keys = [loader.construct_object(key, deep=True) for key, _ in node.value]
    twice = {str(key) for key in keys if keys.count(key) > 1}
    assert not twice, f"{node.start_mark}: {sorted(twice)} stand twice"
    return dict(loader.construct_pairs(node, deep=True))


_Strict.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)


@pytest.mark.parametrize("file", _FILES, ids=lambda each: str(each.relative_to(_FOLDER)))
def test_no_key_stands_twice(file: Path) -> None:
    assert yaml.load(file.read_text(encoding="utf-8"), Loader=_Strict)
