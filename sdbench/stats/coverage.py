"""Do intervals that claim 95 % hold it? `python -m sdbench.stats.coverage` prints the table of `sdbench.stats`.

Each kind of interval is asked again and again about simulated clustered data whose truth is known: image scores share
a cluster's effect, clusters hold one to five images, or subjects and clusters cross. Coverage is the share of
intervals that hold the truth; from 2000 trials it is known to within one percent. For `subjects` the clusters counted
are subjects, for `noise` repeats.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from sdbench.stats import mean_interval, paired_difference
from sdbench.stats.clusters import Floats
from sdbench.stats.improvement import probability_of_improvement
from sdbench.stats.noise_floor import noise_floor
from sdbench.stats.pairs import paired_p
from sdbench.stats.tuning import best_of_k, chosen

CLUSTERS = (5, 10, 30, 60)
RESAMPLES = 1000
Trial = Callable[[np.random.Generator, int, int], bool]  # draws, clusters, seed -> did it hold the truth?


def coverage(kind: Trial, clusters: int, trials: int = 2000) -> float:
    """The share of `trials` in which an interval of that kind from so many clusters holds the truth."""
    rng = np.random.default_rng(11)
    return sum(kind(rng, clusters, seed) for seed in range(trials)) / trials


def _holds(low: float | None, high: float | None, truth: float) -> bool:
    return low is not None and high is not None and low <= truth <= high


def mean_of_scores(rng: np.random.Generator, k: int, seed: int) -> bool:
    """A normal score, one to five images a cluster."""
    at = np.repeat(np.arange(k), rng.integers(1, 6, k))
    got = mean_interval(rng.normal(size=k)[at] + rng.normal(size=len(at)), at, seed, resamples=RESAMPLES)
    return _holds(got.low, got.high, 0.0)


def right_or_wrong(rng: np.random.Generator, k: int, seed: int) -> bool:
    """A score of 0 or 1, one to five images a cluster, right in half of them."""
    at = np.repeat(np.arange(k), rng.integers(1, 6, k))
    values = (rng.random(len(at)) < rng.beta(2, 2, k)[at]).astype(float)
    got = mean_interval(values, at, seed, resamples=RESAMPLES)
    return _holds(got.low, got.high, 0.5)


def difference(rng: np.random.Generator, k: int, seed: int) -> bool:
    """Two methods' skewed scores on the same clusters, three replicates each."""
    at, shared = np.repeat(np.arange(k), 3), rng.normal(size=k)
    one, other = (shared[at] + rng.exponential(size=k)[at] + rng.normal(size=3 * k) for _ in range(2))
    got = paired_difference(one + 0.5, at, other, at, seed, resamples=RESAMPLES)
    return _holds(got.low, got.high, 0.5)


def no_false_alarm(rng: np.random.Generator, k: int, seed: int) -> bool:
    """Two methods with equal means, one of them skewed: is the sign-flip test's p above 0.05?"""
    at = np.arange(k)
    p = paired_p(rng.exponential(size=k) - 1, at, rng.normal(size=k), at, seed, flips=RESAMPLES)
    return p is not None and p > 0.05


def improvement(rng: np.random.Generator, k: int, seed: int) -> bool:
    """One method is better on 3 of 4 clusters."""
    at = np.arange(k)
    got = probability_of_improvement(rng.random(k), at, np.full(k, 0.25), at)
    return _holds(got.low, got.high, 0.75)


def subjects(rng: np.random.Generator, k: int, seed: int) -> bool:
    """k subjects that share 30 (prompt, seed); subjects, clusters and images differ."""
    return _subjects(rng, k, seed, effects=(1.0, 0.5), shared=True)


def subjects_alike(rng: np.random.Generator, k: int, seed: int) -> bool:
    """k subjects that share 30 (prompt, seed), and nothing differs but images: the case hardest to get narrow."""
    return _subjects(rng, k, seed, effects=(0.0, 0.0), shared=True)


def subjects_apart(rng: np.random.Generator, k: int, seed: int) -> bool:
    """k subjects with 30 (prompt, seed) of their own each."""
    return _subjects(rng, k, seed, effects=(0.5, 0.5), shared=False)


def _subjects(rng: np.random.Generator, k: int, seed: int, effects: tuple[float, float], shared: bool) -> bool:
    """A tenth of the images is unscored."""
    subject, cluster = (indices.ravel() for indices in np.indices((k, 30)))
    cluster = cluster if shared else cluster + 30 * subject
    values = effects[0] * rng.normal(size=k)[subject] + effects[1] * rng.normal(size=30 * k)[cluster]
    values += rng.normal(size=30 * k)
    values[rng.random(30 * k) < 0.1] = np.nan
    got = mean_interval(values, np.column_stack([subject, cluster]), seed, resamples=RESAMPLES)
    return _holds(got.low, got.high, 0.0)


def noise(rng: np.random.Generator, k: int, seed: int) -> bool:
    """The deviation between k repeats."""
    got = noise_floor(rng.normal(size=k))
    return _holds(got.low, got.high, 1.0)


def tuning(rng: np.random.Generator, k: int, seed: int) -> bool:
    """The best of 3 of 8 trials, on k test clusters that all trials share."""
    truth = np.linspace(0, 1, 8)
    validation = truth + 0.2 * rng.normal(size=8)
    test: Floats = truth[:, None] + rng.normal(size=k) + rng.normal(size=(8, k))
    got = best_of_k(validation, test, seed=seed, resamples=RESAMPLES)[2].expected
    return _holds(got.low, got.high, float(chosen(validation)[2] @ truth))


KINDS: tuple[Trial, ...] = (
    mean_of_scores,
    right_or_wrong,
    difference,
    no_false_alarm,
    improvement,
    subjects,
    subjects_alike,
    subjects_apart,
    noise,
    tuning,
)


def main() -> None:
    """Print the coverage of every kind, in percent, at 5, 10, 30 and 60 clusters."""
    print(f"{'clusters':16}" + "".join(f"{k:7}" for k in CLUSTERS))
    for kind in KINDS:
        print(f"{kind.__name__:16}" + "".join(f"{100 * coverage(kind, k):7.1f}" for k in CLUSTERS), flush=True)


if __name__ == "__main__":
    main()
