"""An adapter that writes each batch into a file, which a case system may read.

The form of the file is ours, and described in docs/nir-vendors.md. It is not that of WS4, which is not public.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from feideprov import files
from feideprov.journal.keys import AS_LETTERS
from feideprov.nir.model import NumberKind
from feideprov.nir.outbox.outbox import Batch, BatchRecord, OutboxContext, Receipt
from feideprov.nir.register.kept import ALL_FIELDS

FORMAT: Final = "feideprov-nir-batch"
VERSION: Final = 1
_LETTERS_OF_A_NAME: Final = 20


class FileOutbox:
    """Writes one JSON file for each batch (mode 0600) into its folder, as a whole or not at all. The file of a batch is
    named by its day and its contents, so the same batch has one file, and no file is written over."""

    name = "file"
    fields = frozenset({ALL_FIELDS})
    numbers = (NumberKind.FNR, NumberKind.DNR, NumberKind.DUF, NumberKind.MOTTAK, NumberKind.PASS)

    def __init__(self, context: OutboxContext) -> None:
        self._folder = context.folder

    def send(self, batch: Batch) -> Iterable[Receipt]:
        """Write the file. Raises OSError when it cannot be written."""
        if not batch.records:
            return []
        path, content = self._file_of(batch), json.dumps(_as_json(batch), ensure_ascii=False, indent=1) + "\n"
        files.make_folder(self._folder)
        try:
            files.create(path, content.encode())
        except FileExistsError:
            if files.content_of(path, files.Largest.LIST) != content.encode():
                raise
        return [batch.receipt(one, field) for one in batch.records for field in one.fields]

    def _file_of(self, batch: Batch) -> Path:
        what = [batch.municipality, [[one.id, one.fields] for one in batch.records]]
        digest = sha256(json.dumps(what).encode()).hexdigest().translate(AS_LETTERS)
        return self._folder / f"{batch.on}-{digest[:_LETTERS_OF_A_NAME]}.json"


def _as_json(batch: Batch) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "version": VERSION,
        "municipality": batch.municipality,
        "on": batch.on.isoformat(),
        "records": [_record_as_json(one) for one in batch.records],
    }


def _record_as_json(one: BatchRecord) -> dict[str, Any]:
    person, values = one.record.person, one.record.values
    return {
        "id": one.id,
        "person": person.key,
        "numbers": {number.kind.value: number.value.get_secret_value() for number in person.numbers},
        "scheme": one.record.scheme.value,
        "law": one.law.value,
        "values": {
            field: values[field].model_dump(mode="json", by_alias=True, exclude_none=True)["content"]
            for field in one.fields
        },
    }
