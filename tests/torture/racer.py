"""An office that takes part in races: it plans, says so, and carries out when it is told to go.

    python racer.py feideprov.toml < one JSON object a line: {"do": "attach" | "create", "person": …, "n": …}

For each it prints `planned`, waits for a line, and prints what it says of the outcome as JSON.
"""

from __future__ import annotations

import json
import sys
from datetime import date

from scene import number

from feideprov import Client, Evidence, NumberText, PersonRecord
from feideprov.intake.number_list import NumberRow
from feideprov.issues import Origin
from feideprov.provision.plan.plan import Plan

SEEN = Evidence("letter", "Kari Nordmann", date(2026, 11, 1))


def planned(client: Client, asked: dict[str, str]) -> Plan:
    if asked["do"] == "create":
        given, family = asked["name"].split()
        who = {"given_name": given, "family_name": family, "school": "hylla", "role": "pupil"}
        return client.plan([PersonRecord(source_id=asked["person"], **who)])
    text = NumberText(number(int(asked["n"]))[0])
    return client.numbers.plan_attach([NumberRow(text, Origin("race", 2), source_id=asked["person"], evidence=SEEN)])


def main() -> None:
    with Client.open(sys.argv[1]) as client:
        for line in sys.stdin:
            plan = planned(client, json.loads(line))
            assert plan.changes, plan.refusals
            print("planned", flush=True)
            sys.stdin.readline()
            outcome = client.apply(plan)
            said = {
                "done": [change.feide_name for change in outcome.changes],
                "refused": [refusal.code for refusal in outcome.refusals],
                "failed": [failure.sentence for failure in outcome.failures],
            }
            print(json.dumps(said), flush=True)


if __name__ == "__main__":
    main()
