"""Whether metrics measure what they say: sentinels, degradation, another backbone, and truth where it is known.

`sdbench audit STUDY` asks each of a study's metrics, as its cells set them, what `families` says for what its card
`judges`. judgement: the numbers and the thresholds, pure. pictures: spoilt and degraded images. scenes: renders of the
microworld whose truth is known. panel: a metric before such images. run: a study's metrics, and what is written.
"""
