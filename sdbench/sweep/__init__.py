"""The planner: a grid becomes jobs that share work, jobs go to a launcher, and every cell gets a record."""
