"""Importers of public corpora, one a file; `sources` lists them."""
