"""Side by side with what else tags lines: `python -m benchmarks`."""
