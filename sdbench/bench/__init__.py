"""The peer bench: what sdbench costs beside the reference scripts, measured side by side once both are proved equal."""
