"""References to people and groups that name another source than the people and groups themselves do.

Some systems write the source of an id in two ways. So a source that no person (or no group) of the file has is set
aside, when everything that is named with it is found by its id alone. Where one id of it is missing, or is of two, it
may be another system, and the references stay unknown.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator

from feideprov.intake.ims.model import Enterprise, SourcedId


def match_references(enterprise: Enterprise, people: Collection[SourcedId]) -> int:
    """Give references the people and groups that they mean. `people` are the ids of the people of the file.

    Returns: how many people and groups were found by the id alone.
    """
    members, groups = enterprise.members, enterprise.groups
    of_people = dict(_by_id_alone([one for one in members if one not in people], people))
    for written, meant in of_people.items():
        members.setdefault(meant, []).extend(members.pop(written))
    named = {one.group for of_person in members.values() for one in of_person}
    named.update(parent for group in groups.values() for parent in group.parents)
    of_groups = dict(_by_id_alone(named - groups.keys(), groups))
    for written, meant in of_groups.items():
        groups[written] = groups[meant]
    return len(of_people) + len(of_groups)


def _by_id_alone(unknown: Collection[SourcedId], known: Collection[SourcedId]) -> Iterator[tuple[SourcedId, SourcedId]]:
    """Each unknown id whose source is no other system, with the known one."""
    if not unknown:
        return
    sources = {one.source for one in known}
    ids = defaultdict[str, list[SourcedId]](list)
    for one in known:
        ids[one.id].append(one)
    of_source = defaultdict[str, list[SourcedId]](list)
    for one in unknown:
        of_source[one.source].append(one)
    for source, named in of_source.items():
        if source not in sources and all(len(ids.get(one.id, ())) == 1 for one in named):
            yield from ((one, ids[one.id][0]) for one in named)
