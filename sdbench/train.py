"""One training loop for every method: adapters x captions x prior, each step a pure function of (seed, step)."""

from __future__ import annotations

import json
import math
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import torch
from accelerate import Accelerator
from accelerate.state import AcceleratorState
from diffusers.optimization import get_scheduler

from sdbench import adapters, parallel, precision, provenance
from sdbench.adapters.base import Adapter
from sdbench.backbones.base import Backbone
from sdbench.graphed import Graphed
from sdbench.inputs import Batch, Inputs, class_examples, instance_examples
from sdbench.seeds import seed_of
from sdbench.settings import Cell
from sdbench.subjects import Subject
from sdbench.trajectory import State, Trajectory

CHECK_EVERY = 25  # steps between looks at whether the loss is still finite
POLYNOMIAL_POWER = 2.0  # of the polynomial schedule; at diffusers' default of 1 it is the linear one
OnStep = Callable[[Backbone, list[Adapter], int], None]  # told the number of steps done


def train(
    cell: Cell,
    subject: Subject,
    backbone: Backbone,
    class_images: Path | None,
    trajectory: Trajectory,
    folder: Path,
    watch: OnStep | None = None,
) -> None:
    """Train into `folder`, from the trajectory's state on: loss.parquet, result.json and, unless it diverged, weights.

    backbone: fresh; it is changed. The same bits come out wherever the run was stopped and resumed before. Of several
    processes (sdbench.parallel) each calls this with the same, and the first one writes.
    """
    go_on(Run(cell, subject, backbone, class_images), cell, trajectory, folder, watch)


def go_on(
    run: Run, cell: Cell, trajectory: Trajectory, folder: Path, watch: OnStep | None = None, end_state: bool = True
) -> None:
    """Train to the cell's checkpoint: from where the run is or, where it has just begun, from the trajectory's state.

    What `train` writes comes out, and `run` may go on to a later checkpoint: whatever is of it is kept in memory.
    end_state: whether the checkpoint leaves a state, wherever else one is due; else who holds `run` sees to it.
    """
    if run.step == 0 and (state := trajectory.load(cell.train.steps)) is not None:
        run.restore(state)
    start, record, first = run.step, run.record, run.accelerator.is_main_process
    run.start_clock()
    with trajectory.writing() as save:
        while run.step < cell.train.steps and record.finite:
            run.advance()
            ended, due = milestone(cell, run.step)
            if ended or due or run.step % CHECK_EVERY == 0:
                run.check()
            if first and (due or (ended and end_state) or not record.finite):
                save(run.state())
                run.stall()
            if first and watch:
                watch(run.backbone, run.learning, run.step)
        if not first:
            return
        if record.finite:
            for adapter in run.learning:
                adapter.save(run.backbone, folder)
        run.start_clock()
    run.stall()  # until the last state was written
    record.write(folder, sum(p.numel() for p in run.parameters), run.step - start)


def inputs_of(
    cell: Cell, subject: Subject, backbone: Backbone, class_images: Path | None, learning: list[Adapter]
) -> Inputs:
    """What a training of the cell is shown, encoded by `backbone`."""
    parts = [instance_examples(cell.method, subject, adapters.words(learning, subject.identifier))]
    if class_images is not None and cell.method.prior is not None:
        parts.append(class_examples(class_images, cell.method.prior.weight))
    frozen_text = not any(adapter.trains_text for adapter in learning)
    return Inputs(backbone, parts, cell.train.seed, cell.train.cache, frozen_text)


def milestone(cell: Cell, step: int) -> tuple[bool, bool]:
    """Whether the training ends at a step, and whether its state is due."""
    return step == cell.train.steps, bool(cell.train.state_every) and step % cell.train.state_every == 0


class Record:
    """What is known of a training: each step's loss and learning rate, and what it has cost so far."""

    def __init__(self) -> None:
        self.losses: list[torch.Tensor] = []
        self.rates: list[float] = []
        self.finite, self.seconds, self.stall_seconds, self.peak_bytes = True, 0.0, 0.0, 0

    def check(self, device: str) -> None:
        """Look whether the losses are finite, and at the memory; the device is waited for."""
        self.finite = bool(torch.isfinite(torch.stack(self.losses[-CHECK_EVERY:])).all())
        self.peak_bytes = max(self.peak_bytes, _peak_memory_bytes(device))

    def state(self) -> State:
        tensors = {"losses": torch.stack(self.losses), "rates": torch.tensor(self.rates, dtype=torch.float64)}
        facts = {"finite": self.finite, "seconds": self.seconds, "peak_bytes": self.peak_bytes,
                 "stall_seconds": self.stall_seconds}  # fmt: skip
        return State(len(self.losses), tensors, facts)

    def restore(self, state: State, device: torch.device) -> None:
        self.losses = list(state.tensors["losses"].to(device))
        self.rates = state.tensors["rates"].tolist()
        self.finite, self.seconds = state.facts["finite"], state.facts["seconds"]
        self.peak_bytes = state.facts["peak_bytes"]
        self.stall_seconds = state.facts.get("stall_seconds", math.nan)  # of an older state it is not known

    def table(self) -> pd.DataFrame:
        """step, loss and learning rate, up to the first loss that is not finite."""
        losses = torch.stack(self.losses).cpu().numpy()
        finite = np.isfinite(losses)
        kept = len(losses) if finite.all() else int(np.argmin(finite)) + 1
        return pd.DataFrame({"step": np.arange(kept), "loss": losses[:kept], "lr": self.rates[:kept]})

    def write(self, folder: Path, trainable_parameters: int, steps_run: int, slots: int | None = None) -> None:
        """loss.parquet and result.json. steps_run: how many this process ran; the others came from the trajectory.

        slots: of the pack that it was trained in. stall_seconds, beside the train_seconds: how long training was held
        up by saving its states, in a pack but for the wait at its end; null where it went on from a state that did not
        tell.
        """
        table = self.table()
        last = table.iloc[-1]
        result = {
            "status": "done" if self.finite else "diverged",
            "cause": None if self.finite else f"loss was {last['loss']} at step {int(last['step'])}",
            "steps": len(table), "steps_run": steps_run, "train_seconds": self.seconds,
            "stall_seconds": None if math.isnan(self.stall_seconds) else self.stall_seconds,
            "peak_memory_bytes": self.peak_bytes,
            "trainable_parameters": trainable_parameters,
            "weight_bytes": sum(p.stat().st_size for p in folder.rglob("*.safetensors")),
        }  # fmt: skip
        table.to_parquet(folder / "loss.parquet", index=False)
        (folder / "result.json").write_text(json.dumps(result | ({"slots": slots} if slots else {}), indent=1))


class Run:
    """A training in progress. With `state` and `restore` it goes on elsewhere as if it had not stopped."""

    def __init__(self, cell: Cell, subject: Subject, backbone: Backbone, class_images: Path | None) -> None:
        """At step 0. backbone: fresh; it is changed."""
        self.settings, self.device, self.backbone = cell.train, cell.device, backbone
        self.learning = adapters.create(cell.method, subject, cell.train.seed)
        groups = [group for adapter in self.learning for group in adapter.attach(backbone, cell.train.lr)]
        self.inputs = inputs_of(cell, subject, backbone, class_images, self.learning)
        self.accelerator = accelerator_of(cell)
        self.parameters: list[torch.nn.Parameter] = [p for group in groups for p in group["params"]]
        precision.prepare(backbone.denoiser, cell.train.mixed_precision, cell.device)
        self.shape, self.peak_rates = schedule(cell), [group["lr"] for group in groups]
        on_gpu = cell.device.startswith("cuda")
        if on_gpu:  # where the host need not be told of a rate, nor a graph captured again
            groups = [{**group, "lr": torch.tensor(group["lr"], device=cell.device)} for group in groups]
        # A graph asks for capturable, which changes nothing of a fused step.
        adamw = torch.optim.AdamW(groups, weight_decay=cell.train.weight_decay, fused=True, capturable=on_gpu)
        self.optimizer = self.accelerator.prepare_optimizer(adamw)
        self.graph = Graphed() if _one_graph(cell, self.inputs) else None
        self.record = Record()
        if on_gpu:
            torch.cuda.reset_peak_memory_stats(cell.device)

    def start_clock(self) -> None:
        self._began = time.perf_counter()

    def stall(self) -> None:
        """Since the clock was started training was held up by saving, which is not training."""
        self.record.stall_seconds += time.perf_counter() - self._began
        self.start_clock()

    @property
    def step(self) -> int:
        return len(self.record.losses)

    def advance(self) -> None:
        """One optimizer step, a pure function of what has been learnt so far and (seed, step)."""
        s, step = self.settings, self.step
        rates = [peak * self.shape(step) for peak in self.peak_rates]
        for group, rate in zip(self.optimizer.param_groups, rates, strict=True):
            if isinstance(group["lr"], torch.Tensor):
                group["lr"].fill_(rate)
            else:
                group["lr"] = rate
        torch.manual_seed(seed_of(s.seed, step, "dropout"))  # where an adapter or a base has any
        micro = s.batch_size // s.gradient_accumulation_steps
        mine = parallel.share(micro, self.accelerator)
        firsts = range(mine.start, s.batch_size, micro)
        batches = [self.inputs.batch(step, s.batch_size, range(first, first + len(mine))) for first in firsts]
        self.record.losses.append(self.graph(self._learn, batches) if self.graph else self._learn(batches))
        self.record.rates.append(rates[0])

    def _learn(self, batches: Sequence[Batch]) -> torch.Tensor:
        """From micro-batches to the optimizer's step: the loss of all processes. Nothing of it waits for the device."""
        s, accelerator = self.settings, self.accelerator
        micro = s.batch_size // s.gradient_accumulation_steps
        total = torch.zeros((), device=accelerator.device)
        for batch in batches:
            with accelerator.accumulate(self.backbone.denoiser):
                with precision.mixed(accelerator):
                    loss = losses(self.backbone, batch).sum() / micro
                accelerator.backward(loss)
                total += loss.detach() / s.gradient_accumulation_steps
                if accelerator.sync_gradients:
                    parallel.add_gradients(self.parameters, accelerator)
                    accelerator.clip_grad_norm_(self.parameters, s.max_grad_norm)
                self.optimizer.step()
                self.optimizer.zero_grad(set_to_none=True)
        return accelerator.reduce(total, "sum")

    def check(self) -> None:
        """Look at the losses, the memory and the clock; the device is waited for."""
        self.record.check(self.device)
        self.record.seconds += time.perf_counter() - self._began
        self.start_clock()

    def state(self) -> State:
        """As it is now: the tensors are those in use. Of a run that diverged only the record stays: whoever asks for
        more steps learns of it at once.
        """
        state = self.record.state()
        for i, parameter in enumerate(self.parameters if self.record.finite else ()):
            moments = self.optimizer.state.get(parameter, {})
            for name, tensor in {"parameter": parameter.detach(), **moments}.items():
                state.tensors[f"{i}.{name}"] = tensor
        state.facts["scaler"] = self.accelerator.scaler.state_dict() if self.accelerator.scaler else None
        return state

    def restore(self, state: State) -> None:
        self.record.restore(state, self.accelerator.device)
        if not self.record.finite:
            return
        for i, parameter in enumerate(self.parameters):
            names = [name for name in state.tensors if name.startswith(f"{i}.")]
            saved = {name.partition(".")[2]: state.tensors[name] for name in names}
            parameter.data.copy_(saved.pop("parameter"))
            if saved:  # moments lie in memory as their parameter does
                self.optimizer.state[parameter] = {
                    name: tensor.to(parameter.device) if name == "step" else torch.empty_like(parameter).copy_(tensor)
                    for name, tensor in saved.items()
                }
        if self.accelerator.scaler:
            self.accelerator.scaler.load_state_dict(state.facts["scaler"])


def _one_graph(cell: Cell, inputs: Inputs) -> bool:
    """Whether a step is to be a CUDA graph and can be: nothing of it may come from the host, as prompts do, or wait."""
    alone = cell.train.processes == 1 and cell.train.mixed_precision != "fp16"
    return cell.train.cuda_graph and cell.device.startswith("cuda") and inputs.frozen_text and alone


def losses(backbone: Backbone, batch: Batch) -> torch.Tensor:
    """Of each example (n,), weighted."""
    text = batch.text if batch.text is not None else backbone.encode_prompts(batch.prompts)
    conditions = {**text, "framing": batch.framing}
    return backbone.loss(batch.latents, batch.noise, batch.times, conditions) * batch.weights


def accelerator_of(cell: Cell) -> Accelerator:
    AcceleratorState._reset_state(reset_partial_state=True)  # the last run's device and precision are not this one's
    if ":" in cell.device:
        torch.cuda.set_device(cell.device)
    return Accelerator(
        cpu=cell.device == "cpu",
        mixed_precision=cell.train.mixed_precision,
        gradient_accumulation_steps=cell.train.gradient_accumulation_steps,
    )


def schedule(cell: Cell) -> Callable[[int], float]:
    """What the learning rate is multiplied with at a step: diffusers' schedule as the pure function that it is."""
    s = cell.train
    shape = "constant_with_warmup" if s.schedule == "constant" else s.schedule  # diffusers' plain one never warms up
    unused = torch.optim.SGD([torch.zeros(1)], lr=s.lr)  # diffusers reads its rate
    made = get_scheduler(
        shape, unused, num_warmup_steps=s.warmup_steps, num_training_steps=s.steps, power=POLYNOMIAL_POWER
    )
    multiplier: Callable[[int], float] = made.lr_lambdas[0]
    return multiplier


def _peak_memory_bytes(device: str) -> int:
    """What this process has held at most: of the accelerator's memory, or resident on a CPU."""
    return torch.cuda.max_memory_allocated(device) if device.startswith("cuda") else provenance.peak_rss_bytes()
