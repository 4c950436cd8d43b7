"""Opens pages of a console in headless Chromium and tells what does not fit and what the browser complained of.

Arguments: the folder with browser.py, the browser, the console's address, the cookie, and paths.
"""
import json
import signal
import sys
import tempfile

sys.path.insert(0, sys.argv[1])
from browser import Browser  # noqa: E402


def visit(program, address, cookie, paths, profile):
    browser = Browser(program, profile)
    for domain in ("Page", "Network", "Log", "Runtime"):
        browser.call(f"{domain}.enable")
    name, _, value = cookie.partition("=")
    browser.call("Network.setCookie", name=name, value=value, url=address)
    found = {"wide": [], "strange": []}
    for path in paths:
        browser.events = [e for e in browser.events if e.get("method") != "Page.loadEventFired"]
        browser.call("Page.navigate", url=address + path)
        browser.wait("Page.loadEventFired")
        for width in (320, 1200):
            browser.call("Emulation.setDeviceMetricsOverride", width=width, height=900, deviceScaleFactor=1, mobile=False)
            if browser.evaluate("document.documentElement.scrollWidth") > width:
                found["wide"].append(f"{path} {width}")
        strange = browser.evaluate(
            "document.querySelectorAll('img, iframe, script:not([src=\"/console.js\"])').length"
            " + [...document.querySelectorAll('*')].filter(e => [...e.attributes].some(a => a.name.startsWith('on'))).length")
        if strange or not browser.evaluate("document.title.includes('Closeout')"):
            found["strange"].append(path)
    found["complaints"] = [json.dumps(event)[:500] for event in browser.seen(
        "Log.entryAdded", "Runtime.consoleAPICalled", "Runtime.exceptionThrown", "Page.javascriptDialogOpening")]
    browser.session = None
    browser.call("Browser.close")
    browser.process.wait(timeout=30)
    return found


signal.alarm(550)  # Ends a wait for a browser that says nothing any more.
with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
    json.dump(visit(sys.argv[2], sys.argv[3], sys.argv[4], sys.argv[5:], folder), sys.stdout)
