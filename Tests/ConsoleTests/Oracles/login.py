"""Logs in to a console with headless Chromium at a real provider, and tells what it saw.

Arguments: the folder with browser.py, the browser, the address of the console, and who logs in.
"""
import json
import signal
import sys
import sysconfig
import tempfile
import time

sys.path.insert(0, sys.argv[1])
from browser import Browser  # noqa: E402

PASSWORD = "correct horse battery staple"


AXE = ("axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']})"
       ".then(r => r.violations.map(v => v.id + ': ' + v.nodes.map(n => n.html).join(' ')))")


def violations(browser):
    with open(f"{sysconfig.get_paths()['purelib']}/axe_playwright_python/axe.min.js",
              encoding="utf-8") as file:
        browser.evaluate(file.read() + "; undefined")
    return browser.evaluate(AXE)


def until(browser, expression):
    for _ in range(300):
        try:
            value = browser.evaluate(expression)
        except RuntimeError:  # The page has just gone.
            value = None
        if value:
            return value
        time.sleep(0.1)
    raise RuntimeError(f"{expression}: never true at " + browser.evaluate("document.documentElement.outerHTML"))


def visit(program, home, name, profile):
    browser = Browser(program, profile)
    for domain in ("Page", "Network", "Log", "Runtime", "Security"):
        browser.call(f"{domain}.enable")
    browser.call("Security.setIgnoreCertificateErrors", ignore=True)
    browser.call("Page.navigate", url=home)
    found = {"closed": until(browser, "document.querySelector('h1')?.innerText")}
    found["violations"] = violations(browser)
    browser.evaluate("document.querySelector('a[href=\"/login\"]').click()")
    until(browser, "document.querySelector('input[name=login]') !== null")
    found["provider"] = browser.evaluate("location.origin")
    for field, value in (("login", name), ("password", PASSWORD)):
        until(browser, f"document.querySelector('input[name={field}]') !== null")
        browser.evaluate(f"document.querySelector('input[name={field}]').value = {json.dumps(value)}")
        browser.evaluate(f"(i => i.form.requestSubmit(i.form.querySelector('[type=submit]')))"
                         f"(document.querySelector('input[name={field}]'))")
    until(browser, f"location.href.startsWith({json.dumps(home)}) && document.readyState === 'complete'"
                   " && document.querySelector('meta[http-equiv=refresh]') === null")
    found["title"] = browser.evaluate("document.querySelector('h1').innerText")
    found["at"] = browser.evaluate("location.pathname")
    cookies = browser.call("Network.getAllCookies")["cookies"]
    found["cookies"] = [[c["name"], c["httpOnly"], c.get("sameSite")] for c in cookies
                        if c["name"].startswith(("closeout", "__Host-closeout"))]
    if found["title"] != "Not logged in":
        browser.call("Page.navigate", url=home + "session")
        found["session"] = until(browser, "document.querySelector('form[action=\"/logout\"]')"
                                          " && document.querySelector('main').innerText")
        found["violations"] += violations(browser)
        browser.evaluate("document.querySelector('form[action=\"/logout\"] button').click()")
        found["out"] = until(browser, "document.querySelector('h1').innerText === 'Logged out' && 'Logged out'")
        browser.call("Page.navigate", url=home)
        found["after"] = until(browser, "document.querySelector('h1')?.innerText")
    browser.session = None
    browser.call("Browser.close")
    browser.process.wait(timeout=30)
    return found


signal.alarm(300)  # Ends a wait for a browser that says nothing any more.
with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
    json.dump(visit(sys.argv[2], sys.argv[3], sys.argv[4], folder), sys.stdout)
