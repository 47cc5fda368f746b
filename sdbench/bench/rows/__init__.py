"""What is compared, one file a row: `measure(bench)`; `base` has what they share."""
