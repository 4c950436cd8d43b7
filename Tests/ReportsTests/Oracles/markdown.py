"""Renders Markdown with the parser of GitHub and with another: a list of texts in, tags and all text
of each text by each parser out."""
import json
import sys
from html.parser import HTMLParser

import cmarkgfm
from cmarkgfm.cmark import Options
from markdown_it import MarkdownIt


class Reader(HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.tags, self.cells = set(), []

    def handle_starttag(self, tag, attributes):
        self.tags.add(" ".join([tag] + [f"{name}={value}" for name, value in attributes]))
        if tag in ("td", "th", "p", "h1", "h2"):
            self.cells.append("")

    def handle_data(self, data):
        if self.cells:
            self.cells[-1] += data


def read(html):
    reader = Reader()
    reader.feed(html)
    reader.close()
    return {"tags": sorted(reader.tags), "cells": [cell.strip("\n") for cell in reader.cells]}


def github(text):
    return cmarkgfm.github_flavored_markdown_to_html(text, Options.CMARK_OPT_UNSAFE)


def other(text):
    return MarkdownIt("commonmark").enable(["table", "strikethrough"]).render(text)


json.dump([[read(parse(text)) for parse in (github, other)] for text in json.load(sys.stdin)],
          sys.stdout)
