"""What NIR's rules say, worked out a second time: from the table alone, day by day, without a line of feideprov.

It imports tomllib and datetime and nothing else (`tests/laws/test_nir_lives.py` looks). Everything goes in and comes
out as dicts, lists, texts and days. A day is in a period when it is a member of the set of its days; the same day of a
later month is found by walking there. `tests/support/nir_lives.py` says how a record looks.
"""

import tomllib
from datetime import date, timedelta

FIRST, LAST = date(2014, 1, 1), date(2034, 12, 31)
A_DAY = timedelta(days=1)
IN_CENTRE = ("mottak_opplaering", "mottak_kvalifisering")
STRENGTH = ("forbidden", "required", "allowed")
EXTENDED = "vedtak_utvidet_norskopplaering"
EXTENDED_NEEDS = "N6A-utdanningsbakgrunn-utvidet"


def walk(day: date, until: date) -> list[date]:
    """Each day from the first to the one before the last."""
    days = []
    while day < until:
        days.append(day)
        day += A_DAY
    return days


CALENDAR = walk(FIRST, LAST + A_DAY)


def is_there(value: dict | None) -> bool:
    return value is not None and (value["content"] is not None or value["seen"] is not None)


def parts(value: dict | None, kind: str) -> list[dict]:
    """The parts of a value that are of a kind, whether it holds one or several."""
    content = value["content"] if value else None
    several = content if isinstance(content, list) else [content]
    return [part for part in several if isinstance(part, dict) and part["is"] == kind]


class Oracle:
    """The table, and what it says."""

    def __init__(self, text: str, own: str = "") -> None:
        self.table, mine = tomllib.loads(text), tomllib.loads(own)
        for section in ("law", "rule", "availability", "annual"):
            rows = [row | {"own": True} for row in mine.get(section, [])]
            ids = {row["id"] for row in rows if "id" in row}
            self.table[section] = [row for row in self.table[section] if row.get("id") not in ids] + rows
        self._rows: dict = {}
        self._periods: dict = {}
        self._later: dict = {}

    # Days

    def period(self, row: dict, first: str = "from", after: str = "until") -> set[date]:
        """The days of a row: from the first to the one before the last; without a bound, to the end of the calendar."""
        bounds = row.get(first, FIRST), row.get(after, LAST + A_DAY)
        if bounds not in self._periods:
            self._periods[bounds] = set(walk(max(bounds[0], FIRST), bounds[1]))
        return self._periods[bounds]

    def later(self, day: date, length: str) -> date:
        """Walks to the month that is so much later, and there to the same day or the last one before it."""
        if (day, length) not in self._later:
            years, _, months = length.removeprefix("P").rpartition("Y")
            number = 12 * int(years or 0) + int(months.removesuffix("M") or 0)
            self._later[day, length] = self._walk_months(day, number, A_DAY)
        return self._later[day, length]

    def earlier(self, day: date, length: str) -> date:
        return self._walk_months(day, int(length.removeprefix("P").removesuffix("M")), -A_DAY)

    @staticmethod
    def _walk_months(day: date, months: int, step: timedelta) -> date:
        at, passed, found = day, 0, []
        while passed <= months:
            if passed == months and at.day <= day.day:
                found.append(at)
            passed += (at + step).month != at.month
            at += step
        return max(found)

    # L. Which law

    def law(self, person: dict, on: date, scheme: str | None = None) -> tuple[str, str]:
        """The law, and the row that says so; without a row, its id is empty."""
        fitting = [row for row in self.table["law"] if self._law_fits(row, person, on, scheme)]
        for better in (
            lambda row: "basis" in row,
            lambda row: "schemes" in row,
            lambda row: row["law"] != "not_known",
            lambda row: row.get("own", False),
        ):
            fitting = [row for row in fitting if better(row)] or fitting
        if len({row["law"] for row in fitting}) != 1:
            return "not_known", ""
        return fitting[0]["law"], min(row["id"] for row in fitting)

    def _law_fits(self, row: dict, person: dict, on: date, scheme: str | None) -> bool:
        permit, arrived = person["permit"], person["arrived"]
        conditions = [on in self.period(row)]
        if "basis" in row:
            conditions.append(permit is not None and permit["basis"] == row["basis"])
        if "schemes" in row:
            conditions.append(scheme in row["schemes"])
        if "permit_from" in row or "permit_until" in row:
            conditions.append(
                permit is not None and permit["granted"] in self.period(row, "permit_from", "permit_until")
            )
        if "arrived_from" in row or "arrived_until" in row:
            conditions.append(arrived is not None and arrived in self.period(row, "arrived_from", "arrived_until"))
        return all(conditions)

    def _why_not_known(self, person: dict, on: date, scheme: str, row: str) -> str:
        if row:
            return row
        if person["permit"] is None:
            return "L-PERMIT"
        if person["arrived"] is None:
            arrivals = (
                FIRST,
                LAST,
                *(row[key] for row in self.table["law"] for key in row if key.startswith("arrived")),
            )
            if any(self.law(person | {"arrived": day}, on, scheme)[1] for day in arrivals):
                return "L-ARRIVED"
        return "L-NONE"

    # V. What is the matter with a record

    def verdicts(self, record: dict, on: date) -> list[tuple]:
        """Rule, kind, field, last day, state, law and row of the law of each verdict, in order."""
        if on < self.table["scope_from"]:
            return []
        law, row = self.law(record["person"], on, record["scheme"])
        if law == "not_known":
            why = self._why_not_known(record["person"], on, record["scheme"], row)
            anchors = self._anchors_of_all(record)
            last_day = self.later(min(anchors), self.table["deadline_default"]) if anchors else None
            found = {(why, "not_known", "", last_day)}
        else:
            found = self._of_fields(record, law, on) | self._of_record(record, law, row, on)
        judged = [
            (rule, kind, field, due, ("overdue" if on > due else "open") if due else None, law, row)
            for rule, kind, field, due in found
        ]
        return sorted(judged, key=lambda verdict: (verdict[3] or date.max, verdict[2], verdict[1], verdict[0]))

    @staticmethod
    def _anchors_of_all(record: dict) -> list[date]:
        unseen = {field: value for field, value in record["values"].items() if value["seen"] is None}
        waiting = [value for field, value in unseen.items() if value["content"] is None or field == "vedtak"]
        days = [record["start"], *(value["available_on"] for value in waiting)]
        for one in parts(unseen.get("vedtak"), "vedtak"):
            days += [one["start"], one["date"]]
        return [day for day in days if day is not None]

    def _of_fields(self, record: dict, law: str, on: date) -> set[tuple]:
        """What forbids, requires and does not know a field: each field that the table or the record names."""
        fields = {row["field"] for row in self.table["rule"]} | set(record["values"])
        return {verdict for field in fields for verdict in self._of_field(record, law, field, on)}

    def _of_field(self, record: dict, law: str, field: str, on: date) -> list[tuple]:
        value, found = record["values"].get(field), []
        for there, day in self._things(record, field, on):
            applying = [row for row in self._counting(record, law, field, on, day) if self._applies(row, record, on)]
            own = [row for row in applying if row["law"] == law]
            deciding = self._strongest(own or applying)
            if deciding is None:
                continue
            if deciding["effect"] == "forbidden" and there:
                asked = deciding.get("confidence") == "indirect"
                found.append((deciding["id"], "question" if asked else "forbidden", field, None))
            of_a_kind = any(is_there(other) for name, other in record["values"].items() if name.split(".")[0] == field)
            if deciding["effect"] == "required" and not there and "." not in field and not of_a_kind:
                found.append((deciding["id"], "missing", field, self._due(record, deciding, on)))
        if is_there(value) and not self._is_named(record, law, field, on):
            found.append(("NO-RULE", "question", field, None))
        return found

    def _things(self, record: dict, field: str, on: date) -> list[tuple[bool, date]]:
        """Whether there is something in a field, and its day: one for each measure where the field is about a kind."""
        value = record["values"].get(field)
        days = [measure["from"] for measure in parts(value, "tiltak")]
        if value and not days:
            days = [value["available_on"] or on]
        things = [(is_there(value), day) for day in days]
        for measure in parts(record["values"].get("tiltak"), "tiltak"):
            if field == "tiltak." + measure["kind"]:
                things.append((True, measure["from"]))
        return things or [(False, on)]

    def _counting(self, record: dict, law: str, field: str, on: date, day: date) -> list[dict]:
        """The rows about a field that are in force. A part of a field is named by the rules of the field, too."""
        laws = (law, "integreringsloven") if law == "kap6a" else (law,)
        if field not in self._rows:
            names = field, field.split(".")[0]
            self._rows[field] = [row for row in self.table["rule"] if row["field"] in names]
        return [
            row
            for row in self._rows[field]
            if row["scheme"] in (record["scheme"], "*")
            and row["law"] in laws
            and (day if row.get("dated_by") == "fact" else on) in self.period(row)
        ]

    @staticmethod
    def _applies(row: dict, record: dict, on: date) -> bool:
        when, facts = row.get("when", "always"), record["facts"]
        if when == "always":
            return True
        if when == "extended" and is_there(record["values"].get(EXTENDED)):
            return True
        return when in facts and (facts[when] is None or facts[when] <= on)

    @staticmethod
    def _strongest(rows: list[dict]) -> dict | None:
        for effect in STRENGTH:
            names = {row["id"]: row for row in rows if row["effect"] == effect}
            if names:
                return names[min(names)]
        return None

    def _is_named(self, record: dict, law: str, field: str, on: date) -> bool:
        return any(self._counting(record, law, field, on, day) for _, day in self._things(record, field, on))

    def _due(self, record: dict, row: dict, on: date) -> date | None:
        values, when = record["values"], row.get("when", "always")
        decided, fact = values.get("vedtak"), record["facts"].get(when)
        decisions, extended = parts(decided, "vedtak"), parts(values.get(EXTENDED), "vedtak")
        beginning = [
            [record["start"]],
            [one["start"] for one in decisions],
            [one["date"] for one in decisions],
            [decided["available_on"]] if decided else [],
        ]
        otherwise = {
            "always": [*beginning, [value["available_on"] for value in values.values()]],
            "in_programme": beginning,
            "extended": [
                [one["date"] for one in extended if one["kind"] == "utvidet"],
                [values[EXTENDED]["available_on"]] if EXTENDED in values else [],
            ],
        }
        for days in (
            [values[row["field"]]["available_on"]] if row["field"] in values else [],
            [fact] if fact and fact <= on else [],
            *otherwise.get(when, []),
        ):
            known = [day for day in days if day is not None]
            if known:
                return self.later(min(known), row.get("deadline", self.table["deadline_default"]))
        return None

    def _of_record(self, record: dict, law: str, row: str, on: date) -> set[tuple]:
        """What no row says."""
        person, scheme, values = record["person"], record["scheme"], record["values"]
        settled, search_out = person["settled"], person["search_out"]
        found = set()
        if scheme not in IN_CENTRE and (settled is None or settled > on):
            found.add(("B-SETTLED", "blocked", "settled", None))
        if settled and search_out and settled < search_out:
            found.add(("B-SEARCH-OUT", "question", "settled", None))
        for one in parts(values.get("vedtak"), "vedtak"):
            before = self.law(person, one["date"], scheme)[0]
            if one["date"] < on and before not in ("not_known", law):
                found.add((row, "question", "vedtak", None))
        if scheme == "mottak_opplaering" and person["permit"] and person["permit"]["granted"] <= on:
            found.add(("MO-PERMIT", "question", "", None))
        if law == "kap6a" and scheme == "norsk_og_samfunnskunnskap":
            found |= self._extended(record, on)
        return found

    def _extended(self, record: dict, on: date) -> set[tuple]:
        values, limits, found = record["values"], self.table["extended"], set()
        rows = self._counting(record, "kap6a", "utdanningsbakgrunn", on, on)
        needs = [row for row in rows if row["id"] == EXTENDED_NEEDS]
        if needs and is_there(values.get(EXTENDED)) and not is_there(values.get("utdanningsbakgrunn")):
            found.add((EXTENDED_NEEDS, "blocked", EXTENDED, None))
        decisions = [one for one in parts(values.get(EXTENDED), "vedtak") if one["kind"] == "utvidet"]
        for one in decisions:
            if one["start"] and one["end"] and one["end"] > self.later(one["start"], limits["length_max"]) + A_DAY:
                found.add(("EXTENDED-LENGTH", "question", EXTENDED, None))
        answer = values.get("utdanningsbakgrunn", {"content": None})["content"]
        if isinstance(answer, bool):
            most = limits["decisions_max_with_vgo" if answer else "decisions_max_without_vgo"]
            if len(decisions) > most:
                found.add(("EXTENDED-COUNT", "question", EXTENDED, None))
        limit = self.training(record, "kap6a")
        if decisions and limit:
            first = min(one["date"] for one in decisions)
            begin = self.earlier(limit, limits["window_before"]) - A_DAY
            end = self.later(limit, limits["window_after"]) + A_DAY
            if first < begin or first > end:
                found.add(("EXTENDED-WINDOW", "question", EXTENDED, None))
        return found

    # T. The time limit of the training

    def training(self, record: dict, law: str) -> date | None:
        """About when the training must be complete."""
        values = record["values"]
        answer = values.get("utdanningsbakgrunn", {"content": None})["content"]
        rows = [
            row
            for row in self.table["completion"]
            if (row["law"], row["scheme"]) == (law, record["scheme"])
            and ("if_utdanningsbakgrunn" not in row or row["if_utdanningsbakgrunn"] is answer)
        ]
        grants = [one for one in parts(values.get("vedtak"), "vedtak") if one["kind"] in (None, "tildeling")]
        start = min((one["date"], one["start"] or date.max) for one in grants)[1] if grants else date.max
        start = record["start"] if start == date.max else start
        if not rows or start is None:
            return None
        away = {
            day
            for one in parts(values.get("permisjon"), "permisjon")
            if one["until"]
            for day in walk(one["from"], one["until"] + A_DAY)
        }
        limit = self.later(start, rows[0]["limit"])
        return limit + len(away) * A_DAY if rows[0].get("extended_by") == "permisjon" else limit

    # C. The channel, and R. the role

    def channel(
        self, setting: dict, law: str, field: str, on: date, person: dict | None = None, scheme: str | None = None
    ) -> tuple[str, str]:
        """The row of the table, and the channel."""
        if on < self.table["scope_from"]:
            return "C0", "history"
        if law == "not_known":
            return "C-NOT-KNOWN", "not_known"
        if person is not None and self._is_invisible(setting, person, scheme, on):
            return "C-BLOCKED", "blocked"
        rows = [row for row in self.table["availability"] if row["law"] == law and self._names(row["fields"], field)]
        if any(on in self.period(row, "", "not_before") for row in rows):
            return "C1", "hold"
        if any(on in self.period(row, "", "known_by") for row in rows):
            return "C1", "nir_web"
        closed = [{"from": begin} | ({"until": end} if end else {}) for begin, end in setting["closed"]]
        if any(on in self.period(time) for time in closed):
            return "C2", "nir_web"
        if not setting["transfers"]:
            return "C3", "nir_web"
        ready = law in setting["ready"] and setting["ready"][law] <= on
        if law == "introduksjonsloven":
            return ("C4", "ws4") if ready else ("C5", "nir_web")
        return ("C6", "ws4") if ready else ("C7", "nir_web")

    @staticmethod
    def _is_invisible(setting: dict, person: dict, scheme: str | None, on: date) -> bool:
        ours, theirs = setting["municipality"], person["municipality"]
        elsewhere = ours is not None and theirs is not None and ours != theirs
        settled = person["settled"] is not None and person["settled"] <= on
        return elsewhere or (scheme is not None and scheme not in IN_CENTRE and not settled)

    @staticmethod
    def _names(fields: list[str], field: str) -> bool:
        return field in fields or "*" in fields or ("timer" in fields and field.startswith("timer"))

    def role(self, scheme: str) -> str:
        return self.table["scheme"][scheme]["role"]
