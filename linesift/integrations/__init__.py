"""linesift inside other people's pipelines, a file for each engine; nothing here is imported with linesift."""
