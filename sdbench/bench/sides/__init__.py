"""What a side runs, one file each: `run(spec, pace)` trains, and tells `pace` of each step."""
