"""Pictures of a study, in one house style: plain frames and a path in, files out. Never torch.

Charts are saved as PNG to look at and as SVG to print; grids of images as WebP. Everything can be read in greyscale:
colours run from dark to light in the order of the data, and markers, line styles or hatches differ too. Missing is
never a number: a line has a gap, a cell a dash, a grid a word. The same frames give the same bytes.

`study.draw` chooses what a study's data has enough of; each kind of picture has a module of its own.
"""
