"""Opens a console in headless Chromium, visits the pages that its navigation names, and tells what it saw.

Arguments: the folder with browser.py, the browser, the address that opens the console, and a folder for
screenshots or an empty word; `several` where it is about several bundles.
"""
import base64
import hashlib
import json
import os
import signal
import sys
import sysconfig
import tempfile
import time

sys.path.insert(0, sys.argv[1])
from browser import Browser  # noqa: E402

AXE = ("axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']})"
       ".then(r => r.violations.map(v => v.id + ': ' + v.nodes.map(n => n.html).join(' ')))")


def schemes(browser):
    for scheme in ("light", "dark"):
        browser.call("Emulation.setEmulatedMedia",
                     features=[{"name": "prefers-color-scheme", "value": scheme}])
        yield scheme


def size(browser, width):
    browser.call("Emulation.setDeviceMetricsOverride", width=width, height=900,
                 deviceScaleFactor=1, mobile=False)


def open_page(browser, url):
    browser.events = [e for e in browser.events if e.get("method") != "Page.loadEventFired"]
    browser.call("Page.navigate", url=url)
    browser.wait("Page.loadEventFired")
    for _ in range(600):
        if browser.evaluate("document.querySelector('meta[http-equiv=refresh]') === null"):
            return
        time.sleep(0.1)


def digest_of_file(browser, home, folder):
    """Whether the page computes the digest of a file that somebody chooses, as others do."""
    path = os.path.join(folder, "chosen")
    with open(path, "wb") as file:
        file.write(b"shipped\n")
    open_page(browser, home + "/shipped")
    browser.call("DOM.enable")
    root = browser.call("DOM.getDocument")["root"]["nodeId"]
    node = browser.call("DOM.querySelector", nodeId=root, selector="#file")["nodeId"]
    browser.call("DOM.setFileInputFiles", nodeId=node, files=[path])
    expected = hashlib.sha256(b"shipped\n").hexdigest()
    for _ in range(100):
        if browser.evaluate("document.getElementById('digest').value") == expected:
            return True
        time.sleep(0.1)
    return False


def visit(program, address, pictures, profile, several):
    browser = Browser(program, profile)
    for domain in ("Page", "Network", "Log", "Runtime"):
        browser.call(f"{domain}.enable")
    with open(f"{sysconfig.get_paths()['purelib']}/axe_playwright_python/axe.min.js",
              encoding="utf-8") as file:
        axe = file.read() + "; undefined"
    open_page(browser, address)
    found = {"violations": [], "wide": [], "titles": []}
    home = browser.evaluate("location.origin")
    links = browser.evaluate("[...document.querySelectorAll('nav[aria-label=Pages] a')].map(a => a.href)")
    further = [home + path for path in ("/documents/records", "/documents/architecture")]
    for link in links + further:
        open_page(browser, link)
        found["titles"].append(browser.evaluate("document.title"))
        browser.evaluate(axe)
        for width in (320, 1200):
            size(browser, width)
            if browser.evaluate("document.documentElement.scrollWidth") > width:
                found["wide"].append(f"{link} {width}")
            for scheme in schemes(browser):
                found["violations"] += [f"{link} {scheme} {width} {v}" for v in browser.evaluate(AXE)]
                if pictures and width == 1200:
                    name = link[len(home) + 1:].replace("/", "-") or ("bundles" if several else "overview")
                    data = browser.call("Page.captureScreenshot", format="png")["data"]
                    with open(f"{pictures}/{name}-{scheme}.png", "wb") as file:
                        file.write(base64.b64decode(data))
    if several:
        found["digest"] = digest_of_file(browser, home, profile)
    else:
        verify_again(browser, home, found)
    found["elsewhere"] = sorted({e["request"]["url"] for e in browser.seen("Network.requestWillBeSent")
                                 if not e["request"]["url"].startswith(home + "/")})
    found["complaints"] = [json.dumps(e) for e in browser.seen(
        "Log.entryAdded", "Runtime.consoleAPICalled", "Runtime.exceptionThrown")]
    browser.session = None
    browser.call("Browser.close")
    browser.process.wait(timeout=30)
    return found


def verify_again(browser, home, found):
    open_page(browser, home + "/")
    browser.events = [e for e in browser.events if e.get("method") != "Page.loadEventFired"]
    browser.evaluate("document.querySelector('form[action=\"/verify\"] button').click()")
    browser.wait("Page.loadEventFired")
    open_page(browser, home + "/")
    found["again"] = browser.evaluate("document.querySelector('h1').innerText")
    found["focus"] = browser.evaluate(
        "(() => { const a = document.querySelector('.skip'); a.focus();"
        " return a.getBoundingClientRect().left >= 0; })()")


signal.alarm(550)  # Ends a wait for a browser that says nothing any more.
with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
    json.dump(visit(*sys.argv[2:5], folder, len(sys.argv) > 5), sys.stdout)
