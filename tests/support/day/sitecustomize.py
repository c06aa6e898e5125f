"""Python imports this when it starts, where this folder is in PYTHONPATH: the process lives on the day of the test."""

import os
from datetime import datetime

if moment := os.environ.get("MOMENT_OF_THE_TEST"):
    import time_machine

    time_machine.travel(datetime.fromisoformat(moment)).start()
