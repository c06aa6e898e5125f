"""The bench of metadata, on a federation of a few megabytes."""

from __future__ import annotations

from pathlib import Path

import metadata
import pytest
from federation import Federation

SMALL, LARGE = Federation(100), Federation(1_500)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Both federations, each in a folder of its own."""
    folder = tmp_path_factory.mktemp("federations")
    for name, federation in (("small", SMALL), ("large", LARGE)):
        (folder / name).mkdir()
        metadata.make(folder / name, federation)
    return folder


def test_memory_does_not_grow_with_the_file(folder: Path) -> None:
    small, large = (metadata.imported(folder / name, verified=False) for name in ("small", "large"))
    assert large.size > 12 * small.size
    assert large.peak - small.peak < large.size / 2
    assert large.peak < metadata.UNSIGNED
    assert large.ids == sorted(f"saml:{one}" for one in LARGE.asking)


def test_verified_it_takes_less_than_ten_times_the_file(folder: Path) -> None:
    large = metadata.imported(folder / "large", verified=True)
    assert large.peak - large.before < metadata.TIMES * large.size
    assert large.ids == sorted(f"saml:{one}" for one in LARGE.asking)
