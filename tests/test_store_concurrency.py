"""Many processes on one store, some of them killed: every cell once, every folder whole, nothing left over."""

from __future__ import annotations

import json
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

from sdbench.store import Store

ROOT = Path(__file__).parent.parent
CELLS, WORKERS, KILLS = 500, 8, 3
WORKER = f"""
import json, os, random, sys, time
from pathlib import Path
from sdbench.store import Store

root, records, seed = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
store, log = Store(root / "store"), os.open(root / "builds.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND)

def made(stage, settings):
    def build(part):
        (part / "half.bin").write_bytes(b"half")
        time.sleep(0.002)
        (part / "whole.bin").write_bytes(stage.encode() * 100)
        os.write(log, f"{{stage}}/{{store.key(stage, 1, settings)}}\\n".encode())
    return store.make(stage, 1, settings, build)

cells = list(range({CELLS}))
random.Random(seed).shuffle(cells)
for cell in cells:
    while len(list(records.glob("*.json"))) >= int((root / "most").read_text()):
        time.sleep(0.01)
    record = records / f"{{cell}}.json"
    with store.claim("cell", str(cell)):
        if not record.exists():
            train = made("train", {{"lr": cell % 20}})
            images = made("generate", {{"trained": train.name, "seed": cell % 100}})
            score = made("score", {{"generate": images.name, "cell": cell}})
            part = records / f".{{cell}}.part"
            part.write_text(json.dumps([str(p.relative_to(store.root)) for p in (train, images, score)]))
            part.replace(record)
"""


def test_cells_shared_by_workers_of_which_some_are_killed_are_each_made_and_recorded_once(tmp_path: Path) -> None:
    store, records = Store(tmp_path / "store"), tmp_path / "records"
    records.mkdir()

    def start(seed: int) -> subprocess.Popen[bytes]:
        return subprocess.Popen([sys.executable, "-c", WORKER, str(tmp_path), str(records), str(seed)], cwd=ROOT)

    def may_make(cells: int) -> None:
        (tmp_path / "most.part").write_text(str(cells))
        (tmp_path / "most.part").replace(tmp_path / "most")

    may_make(CELLS // (KILLS + 2))
    workers = [start(seed) for seed in range(WORKERS)]
    try:
        for kill in range(KILLS):
            may_make(CELLS * (kill + 2) // (KILLS + 2))  # all are at work when one is killed
            while len(list(records.glob("*.json"))) < CELLS * (kill + 1) // (KILLS + 2):
                time.sleep(random.random() / 100)
            victim = workers.pop(random.randrange(len(workers)))
            victim.kill()
            assert victim.wait() == -signal.SIGKILL
            assert store.verify() == []  # in the midst of it all
            workers.append(start(WORKERS + kill))
        may_make(CELLS + WORKERS)
        assert [worker.wait(240) for worker in workers] == [0] * WORKERS
    finally:
        for worker in workers:
            worker.kill()
            worker.wait()

    chains = {path.stem: json.loads(path.read_text()) for path in records.glob("*.json")}
    assert chains.keys() == {str(cell) for cell in range(CELLS)}
    folders = {str(folder.relative_to(store.root)) for folder in store.folders()}
    assert folders == {stage for chain in chains.values() for stage in chain}
    assert len(folders) == 20 + 100 + CELLS and store.verify() == []
    builds = Counter((tmp_path / "builds.log").read_text().split())
    assert builds.keys() == folders
    assert builds.total() <= len(folders) + KILLS  # a victim may have built what it could not finish: one each
    store.remove_stale()
    assert list(store.root.glob("*/.*.part")) == []
