"""The corpora that can be imported, in the order of the command's help."""

from importers import fundus, nodes, pairs, turku, wcxb, xmu

SOURCES = (wcxb.SOURCE, turku.SOURCE, pairs.DRAGNET, pairs.CLEANEVAL, fundus.SOURCE, xmu.SOURCE, nodes.SOURCE)
