"""Which configured source a file comes from."""

from __future__ import annotations

from feideprov.directory.dn import same_key
from feideprov.errors import InputError
from feideprov.intake.reading import Reading
from feideprov.look_alikes import visible
from feideprov.messages import Sentence
from feideprov.settings.sections import SourceSection
from feideprov.text import shown


def source_in(datasource: str, reading: Reading, file: str) -> SourceSection | None:
    """The configured source whose datasource the file names; else the one that a person named, or none.

    Raises InputError when the person named a source and the file comes from another.
    """
    named = next(
        (one for one in reading.sources if reading.source and one.name == visible(reading.source).strip()), None
    )
    of_file = next(
        (one for one in reading.sources if one.datasource and same_key(one.datasource) == same_key(datasource)), None
    )
    if named is None:
        return of_file
    if of_file not in (None, named) or (named.datasource and of_file is None and datasource):
        raise InputError(
            Sentence(
                "{file} says that it comes from “{datasource}”, which is not the datasource of the source {source}. Run "
                "again without --source, or correct datasource in [[sources]].",
                file=file,
                datasource=shown(datasource, 100),
                source=named.name,
            )
        )
    return named
