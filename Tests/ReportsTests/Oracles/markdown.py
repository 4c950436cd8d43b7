"""Renders Markdown with tables: a list of texts in, tags in their order and all text of each out."""
import json
import sys
from html.parser import HTMLParser

from markdown_it import MarkdownIt


class Reader(HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.tags, self.cells, self.depth = [], [], 0

    def handle_starttag(self, tag, attributes):
        self.tags.append(" ".join([tag] + [f"{name}={value}" for name, value in attributes]))
        if tag in ("td", "th", "p", "h1", "h2"):
            self.cells.append("")

    def handle_data(self, data):
        if self.cells:
            self.cells[-1] += data


def read(text):
    reader = Reader()
    reader.feed(MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
                .render(text))
    reader.close()
    return {"tags": sorted(set(reader.tags)), "cells": [cell.strip("\n") for cell in reader.cells]}


json.dump([read(text) for text in json.load(sys.stdin)], sys.stdout)
