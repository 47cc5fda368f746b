"""What `sdbench` can be told to do: words in, an exit code out. Heavy imports wait until a command needs them.

The docstring of a command is what `sdbench COMMAND --help` prints.
"""
