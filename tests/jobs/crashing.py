"""A worker process that is killed at a place named by its arguments: STORE_URL FOLDER ROLE LOG MODE."""

import os
import signal
import sys
import time
from pathlib import Path

from crm_store.job_ledger import StoreJobLedger
from crm_store.opening import open_store
from jobs.engine import Jobs
from jobs.job import Queue


def main() -> None:
    url, folder, role, log, mode = sys.argv[1:]
    jobs = Jobs(StoreJobLedger(open_store(url)), url, Path(folder))

    def handle(job):
        with Path(log).open("a") as file:
            file.write(f"{job.key} {os.getpid()}\n")
        if mode == "die":
            os.kill(os.getpid(), signal.SIGKILL)
        if mode == "hang":
            time.sleep(600)

    jobs.start(role, [Queue("q", concurrency=2, poll_s=0.05)], {"handle": handle})
    while mode != "once" or jobs.counts()["waiting"]:
        time.sleep(0.1)
        jobs.sweep()
    jobs.close()


main()
