"""Several trainings at once on one frozen base: what each arm learns is a row, and no arm's bits hang on another's.

A pack has a fixed number of slots, whoever sits in them: the arithmetic has one shape, an empty slot is computed and
thrown away, and an arm's last bits are a function of its own settings and that number.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence, Set
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import torch
from torch.optim.adamw import adamw

from sdbench import adapters, backbones, precision
from sdbench.adapters.base import Packable, Packed
from sdbench.backbones.base import sent
from sdbench.inputs import Batch, joined
from sdbench.settings import Cell
from sdbench.subjects import Subject
from sdbench.train import CHECK_EVERY, OnStep, Record, accelerator_of, inputs_of, losses, milestone, schedule
from sdbench.trajectory import State, Trajectory

BETAS, EPSILON = (0.9, 0.999), 1e-8  # torch.optim.AdamW's own
NORM_EPSILON = 1e-6  # torch.nn.utils.clip_grad_norm_'s own
Keep = Callable[[Cell, Callable[[Path], None]], None]


@dataclass(frozen=True)
class Order:
    """A training asked of a pack. cells: its checkpoints, of one trajectory, the shortest first.

    keep: told a cell whose checkpoint is reached, and what fills a folder with it. preview: called every
    `train.preview_every` steps with a base that this arm alone is attached to.
    """

    cells: list[Cell]
    subject: Subject
    class_images: Path | None
    trajectory: Trajectory
    keep: Keep
    preview: OnStep | None = None


def train(orders: Sequence[Order], base: str, slots: int, tell: Callable[[str], None] = lambda what: None) -> None:
    """Train every order to its last checkpoint, each from its trajectory's state on. base: identity of the weights.

    The orders' cells must be alike (see sdbench.packing), and no more than the slots. An arm whose loss is not finite
    leaves the pack, its checkpoints marked as diverged. The same bits come out wherever a pack was stopped, and with
    whomever an arm was packed before and since. An arm's seconds, of training and stalled, are its share of the pack's,
    its peak memory is all.
    """
    pack = Pack(orders, base, slots)
    with ExitStack() as writing:
        for arm in pack.arms:
            arm.save = writing.enter_context(arm.order.trajectory.writing())
            arm.settle()
        while active := pack.active():
            pack.advance(active)
            for arm in active:
                arm.look()
            tell(f"training a pack: {len(active)} arms, step {min(arm.step for arm in active)}")


class Pack:
    """A base with the packed form of what its arms learn, their moments, and the step that moves them together."""

    def __init__(self, orders: Sequence[Order], base: str, slots: int) -> None:
        cell = orders[0].cells[0]
        self.slots, self.settings, self.base = slots, cell.train, base
        self.accelerator = accelerator_of(cell)
        self.backbone = backbones.load(cell.model, cell.device, base)
        self.parts: list[Packed] = []
        self.limited: Set[int] = set()
        self.arms = [Arm(self, slot, order) for slot, order in enumerate(orders)]
        self.moments = [(torch.zeros_like(p.leaf), torch.zeros_like(p.leaf)) for p in self.parts]
        for arm in self.arms:
            arm.restore()
        precision.prepare(self.backbone.denoiser, cell.train.mixed_precision, cell.device)
        if cell.device.startswith("cuda"):
            torch.cuda.reset_peak_memory_stats(cell.device)
        self.start_clock()

    def start_clock(self) -> None:
        self._began = time.perf_counter()

    def stop_clock(self) -> None:
        """Each arm bears its share of the time since the clock was started."""
        for record, share in self._shares():
            record.seconds += share

    def stall(self) -> None:
        """The same, of time in which the pack was held up by saving."""
        for record, share in self._shares():
            record.stall_seconds += share

    def _shares(self) -> list[tuple[Record, float]]:
        now, active = time.perf_counter(), self.active()
        share, self._began = (now - self._began) / len(active), now
        return [(arm.record, share) for arm in active]

    def active(self) -> list[Arm]:
        return [arm for arm in self.arms if arm.cells]

    def advance(self, active: list[Arm]) -> None:
        """One optimizer step of each active arm: a pure function of what it has learnt so far and (seed, step)."""
        s = self.settings
        total = torch.zeros(self.slots, device=self.accelerator.device)
        micro = s.batch_size // s.gradient_accumulation_steps
        for first in range(0, s.batch_size, micro):
            batch = self._batch(active, range(first, first + micro))
            with precision.mixed(self.accelerator):
                for part in self.parts:
                    part.use()
                arms = losses(self.backbone, batch).view(self.slots, -1).sum(dim=1) / micro
            (arms.sum() / s.gradient_accumulation_steps).backward()
            total += arms.detach() / s.gradient_accumulation_steps
        self._update(active)
        for arm in active:
            arm.record.rates.append(arm.rates()[0])
            arm.record.losses.append(total[arm.slot])

    def _batch(self, active: list[Arm], rows: range) -> Batch:
        """An empty slot is shown what an active arm is."""
        batches = {arm.slot: arm.inputs.batch(arm.step, self.settings.batch_size, rows) for arm in active}
        return joined([batches.get(slot, batches[active[0].slot]) for slot in range(self.slots)])

    def _update(self, active: list[Arm]) -> None:
        """Clip and move each arm by itself, in one pass over its rows; a slot that is empty stays as it is."""
        gradients = [part.leaf.grad for part in self.parts if part.leaf.grad is not None]
        norm = torch.stack([g.square().sum(dim=1) for g in gradients]).sum(dim=0).sqrt()
        clip = (self._limits(active) / (norm + NORM_EPSILON)).clamp(max=1.0)
        for gradient in gradients:
            gradient.mul_(clip[:, None])
        for arm in active:
            for rate, part, gradient, moments in zip(arm.rates(), self.parts, gradients, self.moments, strict=True):
                first, second = (moment[arm.slot] for moment in moments)
                parameter, decay = part.leaf.data[arm.slot], arm.settings.weight_decay
                adamw_(parameter, gradient[arm.slot], first, second, arm.step, rate, decay)
        for part in self.parts:
            part.leaf.grad = None

    def _limits(self, active: list[Arm]) -> torch.Tensor:
        """Of each slot's gradient, (slots,); sent to the device when an arm has left."""
        limits = {arm.slot: arm.settings.max_grad_norm for arm in active}
        if limits.keys() != self.limited:
            told = torch.tensor([limits.get(slot, 1.0) for slot in range(self.slots)])
            self.limited, self.limits = limits.keys(), sent(told, self.accelerator.device)
        return self.limits


class Arm:
    """One training of a pack: its slot, what it is shown, and its record. cells: checkpoints it has still to reach."""

    save: Callable[[State], None]  # into its trajectory, see `train`

    def __init__(self, pack: Pack, slot: int, order: Order) -> None:
        self.pack, self.slot, self.order, self.cells = pack, slot, order, list(order.cells)
        self.settings, self.record, self.start = order.cells[-1].train, Record(), 0
        attached = self._attached("cpu")
        if not pack.parts:
            pack.parts = [
                adapter.packed(pack.backbone, attached, pack.slots)
                for adapter in self.learning
                if isinstance(adapter, Packable)
            ]
        for part, adapter, group in zip(pack.parts, self.learning, self.groups, strict=True):
            part.seat(slot, adapter)
            part.leaf.data[slot] = part.row(group["params"])
        self.trainable_parameters = sum(p.numel() for group in self.groups for p in group["params"])
        self.peak_rates = [float(group["lr"]) for group in self.groups]
        self.schedule = schedule(order.cells[-1])
        self.inputs = inputs_of(order.cells[0], order.subject, pack.backbone, order.class_images, self.learning)

    def _attached(self, device: str) -> backbones.Backbone:
        """A copy of the base, to which this arm's adapters are attached as they are alone."""
        cell = self.order.cells[0]
        base = backbones.load(cell.model, device, self.pack.base)
        self.learning = adapters.create(cell.method, self.order.subject, cell.train.seed)
        self.groups = [group for adapter in self.learning for group in adapter.attach(base, cell.train.lr)]
        return base

    def _alone(self, device: str) -> backbones.Backbone:
        """The same, with what has been learnt."""
        base = self._attached(device)
        for part, group in zip(self.pack.parts, self.groups, strict=True):
            part.unrow(part.leaf.data[self.slot], group["params"])
        return base

    @property
    def step(self) -> int:
        return len(self.record.losses)

    def rates(self) -> list[float]:
        """The learning rates of the present step, one for each adapter."""
        return [peak * self.schedule(self.step) for peak in self.peak_rates]

    def look(self) -> None:
        """After a step: check, save the state and draw a preview where they are due, and keep checkpoints."""
        cell = self.cells[0]
        ended, due = milestone(cell, self.step)
        if ended or due or self.step % CHECK_EVERY == 0:
            self.record.check(cell.device)
            self.pack.stop_clock()
        if due or (ended and len(self.cells) == 1) or not self.record.finite:
            self.save(self.state())
            self.pack.stall()
        if ended or not self.record.finite:
            self.settle()
            self.pack.start_clock()  # keeping is not training either
        if self.order.preview and cell.train.preview_every and self.step % cell.train.preview_every == 0:
            self.pack.stop_clock()
            self.order.preview(self._alone(cell.device), self.learning, self.step)
            self.pack.start_clock()

    def settle(self) -> None:
        """Keep the checkpoints that are reached, or all that are left where the training diverged."""
        while self.cells and (self.step == self.cells[0].train.steps or not self.record.finite):
            self.order.keep(self.cells[0], self._write)
            self.start = self.step
            self.cells.pop(0)
        if not self.record.finite:  # what is not finite stays in nobody's way
            for part, moments in zip(self.pack.parts, self.pack.moments, strict=True):
                for rows in (part.leaf.data, *moments):
                    rows[self.slot] = 0

    def _write(self, folder: Path) -> None:
        if self.record.finite:
            base = self._alone("cpu")
            for adapter in self.learning:
                adapter.save(base, folder)
        self.record.write(folder, self.trainable_parameters, self.step - self.start, self.pack.slots)

    def state(self) -> State:
        """As it is now, and changes with the next step. Of an arm that diverged only the record stays."""
        state = self.record.state()
        parts = zip(self.pack.parts, self.pack.moments, strict=True)
        for i, (part, (first, second)) in enumerate(parts if self.record.finite else ()):
            rows = {"parameter": part.leaf.data, "exp_avg": first, "exp_avg_sq": second}
            state.tensors.update({f"{i}.{name}": tensor[self.slot] for name, tensor in rows.items()})
        return state

    def restore(self) -> None:
        """From the trajectory's state on, where there is one."""
        if (state := self.order.trajectory.load(self.cells[0].train.steps)) is None:
            return
        self.record.restore(state, self.pack.accelerator.device)
        self.start = self.step
        parts = zip(self.pack.parts, self.pack.moments, strict=True)
        for i, (part, (first, second)) in enumerate(parts if self.record.finite else ()):
            for name, rows in {"parameter": part.leaf.data, "exp_avg": first, "exp_avg_sq": second}.items():
                rows[self.slot] = state.tensors[f"{i}.{name}"]


def adamw_(
    parameter: torch.Tensor,
    gradient: torch.Tensor,
    first: torch.Tensor,
    second: torch.Tensor,
    steps: int,
    rate: float,
    decay: float,
) -> None:
    """A parameter and its moments after one more step than `steps`: torch.optim.AdamW's, fused."""
    adamw(
        [parameter], [gradient], [first], [second], [], [torch.full((), float(steps), device=parameter.device)],
        fused=True, amsgrad=False, maximize=False, beta1=BETAS[0], beta2=BETAS[1], eps=EPSILON, lr=rate,
        weight_decay=decay,
    )  # fmt: skip
