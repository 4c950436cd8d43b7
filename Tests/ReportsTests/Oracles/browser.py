"""Opens an HTML page in headless Chromium over its debugging pipe and tells what it saw.

Arguments: the browser, the page's path, and widths in pixels.
"""
import base64
import itertools
import json
import os
import re
import signal
import subprocess
import sys
import sysconfig
import tempfile


class Browser:
    def __init__(self, program, profile):
        to_read, self.to = os.pipe()
        self.back, back_write = os.pipe()
        self.numbers, self.buffer, self.events = itertools.count(1), b"", []

        def place():
            os.dup2(to_read, 20), os.dup2(back_write, 21)
            os.dup2(20, 3), os.dup2(21, 4)

        self.process = subprocess.Popen(
            [program, "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
             "--no-first-run", "--disable-background-networking", "--remote-debugging-pipe",
             f"--user-data-dir={profile}", "about:blank"],
            preexec_fn=place, close_fds=False, stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(to_read), os.close(back_write)
        self.session = None
        target = next(t for t in self.call("Target.getTargets")["targetInfos"]
                      if t["type"] == "page")
        self.session = self.call("Target.attachToTarget", targetId=target["targetId"],
                                 flatten=True)["sessionId"]

    def message(self):
        while b"\0" not in self.buffer:
            part = os.read(self.back, 1 << 20)
            if not part:
                raise EOFError("the browser ended")
            self.buffer += part
        message, self.buffer = self.buffer.split(b"\0", 1)
        return json.loads(message)

    def call(self, method, **parameters):
        number = next(self.numbers)
        command = {"id": number, "method": method, "params": parameters}
        if self.session:
            command["sessionId"] = self.session
        os.write(self.to, json.dumps(command).encode() + b"\0")
        while True:
            message = self.message()
            if message.get("id") == number:
                if "error" in message:
                    raise RuntimeError(f"{method}: {message['error']}")
                return message["result"]
            self.events.append(message)

    def wait(self, method):
        while not any(event.get("method") == method for event in self.events):
            self.events.append(self.message())

    def evaluate(self, expression):
        answer = self.call("Runtime.evaluate", expression=expression, awaitPromise=True,
                           returnByValue=True)
        if "exceptionDetails" in answer:
            raise RuntimeError(answer["exceptionDetails"])
        return answer["result"].get("value")

    def seen(self, *methods):
        return [event["params"] for event in self.events if event.get("method") in methods]


def visit(program, page, widths, profile):
    browser = Browser(program, profile)
    for domain in ("Page", "Network", "Log", "Runtime"):
        browser.call(f"{domain}.enable")
    browser.call("Page.navigate", url="file://" + page)
    browser.wait("Page.loadEventFired")
    with open(f"{sysconfig.get_paths()['purelib']}/axe_playwright_python/axe.min.js",
              encoding="utf-8") as file:
        browser.evaluate(file.read() + "; undefined")
    found = {"widths": [], "violations": [], "title": browser.evaluate("document.title"),
             "text": browser.evaluate("document.body.innerText")}
    for width in widths:
        browser.call("Emulation.setDeviceMetricsOverride", width=width, height=800,
                     deviceScaleFactor=1, mobile=False)
        found["widths"].append(browser.evaluate("document.documentElement.scrollWidth"))
        found["violations"] += browser.evaluate(
            "axe.run().then(r => r.violations.map("
            "v => v.id + ': ' + v.nodes.map(n => n.html).join(' ')))")
    browser.call("Emulation.setEmulatedMedia", features=[
        {"name": "prefers-color-scheme", "value": "dark"}])
    found["dark"] = browser.evaluate("getComputedStyle(document.body).backgroundColor")
    found["dark_violations"] = browser.evaluate(
        "axe.run().then(r => r.violations.map("
        "v => v.id + ': ' + v.nodes.map(n => n.html).join(' ')))")
    browser.call("Emulation.setEmulatedMedia", media="print", features=[
        {"name": "prefers-color-scheme", "value": "dark"}])
    found["paper"] = browser.evaluate("getComputedStyle(document.body).backgroundColor")
    browser.call("Emulation.setEmulatedMedia", media="", features=[])
    pdf = base64.b64decode(browser.call("Page.printToPDF")["data"])
    found["pdf"] = pdf[:5].decode()
    found["pages"] = len(re.findall(rb"/Type\s*/Page\b", pdf))
    found["requests"] = [event["request"]["url"]
                         for event in browser.seen("Network.requestWillBeSent")]
    found["complaints"] = [json.dumps(event) for event in browser.seen(
        "Log.entryAdded", "Runtime.consoleAPICalled", "Runtime.exceptionThrown")]
    browser.session = None
    browser.call("Browser.close")
    browser.process.wait(timeout=30)
    return found


if __name__ == "__main__":
    signal.alarm(550)  # Ends a wait for a browser that says nothing any more.
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        json.dump(visit(sys.argv[1], sys.argv[2], [int(width) for width in sys.argv[3:]], folder),
                  sys.stdout)
