"""Uses a page that recomputes its report as a person would, from file:// in a real browser, and tells what it said.

A JSON object in: the program, the page's path, and steps, each one of
  {"drop": [path…]}    drops files or folders
  {"folder": path}     chooses a folder
  {"policy": [path…]}  chooses a policy, and the key files that it names
  {"change": path, "drop": [path…]}  drops, and writes to the file once it is being read; so with "folder"
  {"sign": algorithm}  has the browser sign the seal with a new key, opens a page with that signature in place of its
                       own, and chooses a policy with that key
What the page says comes out: after loading and after each step, what it asked for or complained of, and by how many MB
the browser's processes grew meanwhile.
"""
import base64
import json
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "ReportsTests" / "Oracles"))
from browser import Browser  # noqa: E402

SAID = """(() => {
    const rows = (id) => [...document.querySelectorAll(`#${id} tbody tr`)].map((row) => [
        row.dataset.check, row.dataset.kind, row.querySelector("th").innerText.split("\\n").slice(1).join("\\n"),
        row.querySelector("td").innerText]);
    return {outcome: document.getElementById("outcome").innerText, style: document.getElementById("outcome").className,
            status: document.getElementById("status").innerText, values: rows("values"), files: rows("files"),
            unchecked: document.getElementById("unchecked").innerText,
            keys: document.querySelector("#values p")?.innerText ?? "", text: document.body.innerText,
            resources: performance.getEntriesByType("resource").length};
})()"""


class Chromium:
    def __init__(self, program, profile):
        self.browser = Browser(program, profile)
        self.process = self.browser.process.pid
        for domain in ("Page", "Network", "Log", "Runtime", "DOM"):
            self.browser.call(f"{domain}.enable")

    def open(self, page):
        self.browser.call("Page.navigate", url="file://" + page)
        self.browser.wait("Page.loadEventFired")

    def evaluate(self, expression):
        return self.browser.evaluate(expression)

    def choose(self, selector, paths):
        root = self.browser.call("DOM.getDocument")["root"]["nodeId"]
        node = self.browser.call("DOM.querySelector", nodeId=root, selector=selector)["nodeId"]
        self.browser.call("DOM.setFileInputFiles", nodeId=node, files=paths)

    def drop(self, paths):
        data = {"items": [], "files": paths, "dragOperationsMask": 1}
        for kind in ("dragEnter", "dragOver", "drop"):
            self.browser.call("Input.dispatchDragEvent", type=kind, x=100, y=100, data=data)

    def requests(self):
        return [event["request"]["url"][:200] for event in self.browser.seen("Network.requestWillBeSent")]

    def complaints(self):
        return [json.dumps(event)[:1000] for event in self.browser.seen(
            "Log.entryAdded", "Runtime.consoleAPICalled", "Runtime.exceptionThrown")]

    def close(self):
        self.browser.session = None
        self.browser.call("Browser.close")
        self.browser.process.wait(timeout=30)


class Firefox:
    """Speaks Marionette: a length, a colon, and JSON of four elements."""
    PREFERENCES = """
user_pref("marionette.port", 0);
user_pref("browser.shell.checkDefaultBrowser", false);
user_pref("datareporting.policy.dataSubmissionEnabled", false);
user_pref("toolkit.telemetry.enabled", false);
user_pref("app.update.enabled", false);
user_pref("network.captive-portal-service.enabled", false);
user_pref("network.connectivity-service.enabled", false);
user_pref("dom.filesystem.pathcheck.disabled", true);
"""

    def __init__(self, program, profile):
        Path(profile, "user.js").write_text(self.PREFERENCES)
        self.child = subprocess.Popen(
            [program, "--headless", "--no-remote", "--marionette", "-remote-allow-system-access", "--profile", profile, "about:blank"],
            env={"HOME": profile, "PATH": "/usr/bin:/bin", "MOZ_HEADLESS": "1"}, stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        port = Path(profile, "MarionetteActivePort")
        while not (port.exists() and port.read_text().strip()):
            if self.child.poll() is not None:
                raise EOFError("the browser ended")
            time.sleep(0.05)
        self.process = self.child.pid
        self.socket = socket.create_connection(("127.0.0.1", int(port.read_text())))
        self.buffer, self.number = b"", 0
        self.message()
        self.call("WebDriver:NewSession", )

    def message(self):
        while True:
            length, colon, rest = self.buffer.partition(b":")
            if colon and len(rest) >= int(length):
                self.buffer = rest[int(length):]
                return json.loads(rest[:int(length)])
            part = self.socket.recv(1 << 20)
            if not part:
                raise EOFError("the browser ended")
            self.buffer += part

    def call(self, command, **parameters):
        self.number += 1
        text = json.dumps([0, self.number, command, parameters]).encode()
        self.socket.sendall(b"%d:%s" % (len(text), text))
        _, _, error, result = self.message()
        if error:
            raise RuntimeError(f"{command}: {error}")
        return result

    def open(self, page):
        self.call("WebDriver:Navigate", url="file://" + page)

    def evaluate(self, expression):
        return self.call("WebDriver:ExecuteScript", script=f"return {expression}", args=[])["value"]

    def choose(self, selector, paths):
        if Path(paths[0]).is_dir():  # Marionette opens no dialog for folders, and takes the files in one.
            paths = sorted(str(path) for path in Path(paths[0]).iterdir())
        self.evaluate(f"document.querySelector({json.dumps(selector)}).value = ''")  # Else they are added to the last.
        found = self.call("WebDriver:FindElement", using="css selector", value=selector)["value"]
        self.call("WebDriver:ElementSendKeys", id=next(iter(found.values())), text="\n".join(paths))

    def drop(self, paths):
        """Hands the page a drop with the browser's own entries of one file or folder.

        A drop that a script makes hides what it has from the page, so that the event is one of the script's."""
        self.call("Marionette:SetContext", value="chrome")
        said = self.call("WebDriver:ExecuteAsyncScript", script=self.ENTRIES, args=paths)["value"]
        self.call("Marionette:SetContext", value="content")
        if said:
            raise RuntimeError(said)

    ENTRIES = """
        const [path, done] = arguments;
        const manager = gBrowser.selectedBrowser.messageManager;
        manager.addMessageListener("dropped", function ended(message) {
            manager.removeMessageListener("dropped", ended);
            done(message.data);
        });
        const dropped = String(function () {
            try {
                const { classes, interfaces, utils } = Components;
                const file = classes["@mozilla.org/file/local;1"].createInstance(interfaces.nsIFile);
                file.initWithPath("THE PATH");
                const transfer = new content.DataTransfer();
                transfer.mozSetDataAt("application/x-moz-file", file, 0);
                const entry = transfer.items[0].webkitGetAsEntry();
                const event = new content.CustomEvent("drop", {bubbles: true, cancelable: true});
                utils.waiveXrays(event).dataTransfer = utils.cloneInto(
                    {items: [{kind: "file", webkitGetAsEntry: () => entry}], files: []}, content,
                    {cloneFunctions: true, wrapReflectors: true});
                content.document.body.dispatchEvent(event);
                sendAsyncMessage("dropped", "");
            } catch (error) {
                sendAsyncMessage("dropped", String(error));
            }
        }).replace('"THE PATH"', JSON.stringify(path));
        manager.loadFrameScript(`data:,(${encodeURIComponent(dropped)})()`, false);"""

    def requests(self):
        return []

    def complaints(self):
        self.call("Marionette:SetContext", value="chrome")
        found = self.call("WebDriver:ExecuteScript", args=[], script="""
            return Services.console.getMessageArray().map((m) => String(m.message ?? m))
                .filter((text) => text.includes("file://"));""")["value"]
        self.call("Marionette:SetContext", value="content")
        return found

    def close(self):
        self.call("Marionette:Quit", flags=["eForceQuit"])
        self.child.wait(timeout=30)


def done(browser):
    while browser.evaluate("document.body.dataset.state") != "done":
        time.sleep(0.02)
    return browser.evaluate(SAID)


def sign(browser, page, algorithm):
    text = Path(page).read_text(encoding="utf-8")
    found = re.search(r'(<script type="application/json" id="data">)(.*?)</script>', text, re.S)
    data = json.loads(found[2])
    seal = base64.b64decode(data["seal"])
    kind = b"application/vnd.in-toto+json"
    message = base64.b64encode(b"DSSEv1 %d %s %d %s" % (len(kind), kind, len(seal), seal)).decode()
    spki, signature = browser.evaluate("""(async () => {
        const text = (bytes) => btoa(String.fromCharCode(...new Uint8Array(bytes)));
        const keys = await crypto.subtle.generateKey({name: "%s"}, false, ["sign", "verify"]);
        const message = Uint8Array.from(atob("%s"), (c) => c.charCodeAt(0));
        return [text(await crypto.subtle.exportKey("spki", keys.publicKey)),
                text(await crypto.subtle.sign({name: "%s"}, keys.privateKey, message))];
    })()""" % (algorithm, message, algorithm))
    envelope = {"payload": data["seal"], "payloadType": kind.decode(), "signatures": [{"sig": signature}]}
    data["signatures"][0]["bytes"] = base64.b64encode(json.dumps(envelope).encode()).decode()
    policy = {"kind": "closeout/trust/v1", "version": 1, "roles": {"release": {"keys": ["k"], "threshold": 1}},
              "keys": [{"id": "k", "operator": "k", "format": "spki",
                        "key": f"-----BEGIN PUBLIC KEY-----\n{spki}\n-----END PUBLIC KEY-----\n"}]}
    signed = Path(page).with_name("signed.html")
    signed.write_text(text[:found.start(2)] + json.dumps(data, separators=(",", ":"), sort_keys=True)
                      + text[found.end(2):], encoding="utf-8")
    trust = Path(page).with_name("signed.json")
    trust.write_text(json.dumps(policy))
    browser.browser.events.clear()
    browser.open(str(signed))
    done(browser)
    browser.evaluate("document.body.dataset.state = 'asked'")
    browser.choose("#policy", [str(trust)])


def take(browser, step, page):
    browser.evaluate("document.getElementById('progress').value = 0, document.body.dataset.state = 'asked'")
    if "sign" in step:
        sign(browser, page, step["sign"])
    if "folder" in step:
        browser.choose("#folder", [step["folder"]])
    if "policy" in step:
        browser.choose("#policy", step["policy"])
    if "drop" in step:
        browser.drop(step["drop"])
    if "change" in step:
        while browser.evaluate("document.getElementById('progress').value") < 0.1:
            time.sleep(0.01)
        with open(step["change"], "r+b") as file:
            file.write(b"x")
    return done(browser)


def memory(root):
    """The resident memory of a process and all below it, in MB; pages that processes share count once for each."""
    parents, sizes = {}, {}
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            fields = dict(line.split(":", 1) for line in status.read_text().splitlines() if ":" in line)
        except OSError:
            continue
        parents[int(fields["Pid"])] = int(fields["PPid"])
        sizes[int(fields["Pid"])] = int(fields.get("VmRSS", "0 kB").split()[0]) / 1000
    total = 0
    for process in sizes:
        above = process
        while above not in (root, 0, None):
            above = parents.get(above)
        total += sizes[process] if above == root else 0
    return total


class Watch:
    """Looks at the memory of a browser until it is ended."""

    def __init__(self, root):
        self.root, self.most, self.ended = root, 0, threading.Event()
        self.thread = threading.Thread(target=self.look)
        self.thread.start()

    def look(self):
        while not self.ended.wait(0.2):
            self.most = max(self.most, memory(self.root))

    def end(self):
        self.ended.set()
        self.thread.join()
        return self.most


def visit(asked, profile):
    kind = Firefox if "firefox" in asked["program"] else Chromium
    browser = kind(asked["program"], profile)
    browser.open(asked["page"])
    said = [done(browser)]
    idle, watch = memory(browser.process), Watch(browser.process)
    try:
        for step in asked["steps"]:
            said.append(take(browser, step, asked["page"]))
    finally:
        most = watch.end()
    found = {"said": said, "requests": browser.requests(), "complaints": browser.complaints(),
             "grown": round(max(most - idle, 0))}
    browser.close()
    return found


if __name__ == "__main__":
    signal.alarm(550)  # Ends a wait for a browser that says nothing any more.
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        json.dump(visit(json.load(sys.stdin), folder), sys.stdout)
