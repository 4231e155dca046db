"""The graders of the exercises: one file each, named like its exercise, each with its `GRADER`."""
