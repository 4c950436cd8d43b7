import CloseoutEncodings
import CloseoutManifests
package import CloseoutOpenSSL
import CloseoutSignatures
import CloseoutVerification

/// Draws a report as one page that recomputes it in the browser (docs/self-verifying.md).
///
/// The page's policy allows its own script and style sheet, by digest, and workers that it makes itself; it
/// can load nothing and connect to nothing.
package struct SelfVerifyingReport {
    private let data: SelfVerifyingData
    private let html: HTMLReport

    /// The page.
    ///
    /// - Throws: `OpenSSLError` where the digest of the script cannot be computed.
    package static func render(_ data: SelfVerifyingData) throws(OpenSSLError) -> [UInt8] {
        try SelfVerifyingReport(data).page()
    }

    private init(_ data: SelfVerifyingData) {
        self.data = data
        html = HTMLReport(data.report)
    }

    /// The script: its files in the order in which they need one another, as one strict function.
    static var script: [UInt8] {
        let files = [
            PackageResources.bytes_js, PackageResources.sha256_js, PackageResources.blake2b_js,
            PackageResources.json_js, PackageResources.formats_js, PackageResources.keys_js,
            PackageResources.policy_js, PackageResources.signatures_js, PackageResources.tools_js,
            PackageResources.recompute_js, PackageResources.artifacts_js, PackageResources.page_js,
        ]
        return Array("\"use strict\";\n(() => {\n".utf8) + files.joined() + Array("})();\n".utf8)
    }

    private func page() throws(OpenSSLError) -> [UInt8] {
        let style = Array(HTMLStyle.sheet.description.utf8) + PackageResources.page_css
        let script = Self.script
        let policy =
            "default-src 'none'; script-src \(try Self.source(script)); "
            + "style-src \(try Self.source(style)); worker-src blob:; connect-src 'none'; "
            + "base-uri 'none'; form-action 'none'"
        var page = MarkupWriter(.html)
        page.block("html", ["lang": "en"]) { page in
            page.block("head") { page in
                page.empty("meta", ["charset": "utf-8"])
                page.empty("meta", ["http-equiv": "Content-Security-Policy", "content": policy])
                page.empty(
                    "meta", ["name": "viewport", "content": "width=device-width, initial-scale=1"])
                page.empty("meta", ["name": "color-scheme", "content": "light dark"])
                page.line("title", text: "Check files:\(data.report.nameClause)")
                Self.element("style", [:], style, &page)
            }
            page.block("body") { page in
                top(&page)
                page.block("main") { page in
                    checking(&page)
                    shown(&page)
                }
                page.block("footer") { page in
                    page.line("p", text: "Made by closeout. This page loads and sends nothing.")
                }
                Self.element(
                    "script", ["type": "application/json", "id": "data"], data.scriptText, &page)
                Self.element("script", [:], script, &page)
            }
        }
        return page.bytes
    }

    /// The source expression that allows exactly these bytes.
    private static func source(_ bytes: [UInt8]) throws(OpenSSLError) -> String {
        let digest = try SHA256Digest.of(bytes).bytes
        return "'sha256-\(String(decoding: Base64.encode(digest), as: UTF8.self))'"
    }

    /// An element whose content is written as it is.
    private static func element(
        _ name: StaticString, _ attributes: MarkupWriter.Attributes, _ content: [UInt8],
        _ page: inout MarkupWriter
    ) {
        page.open(name, attributes)
        page.append(content)
        page.close(name)
        page.literal("\n")
    }

    private func top(_ page: inout MarkupWriter) {
        page.block("header") { page in
            page.line("h1", text: "Check files:\(data.report.nameClause)")
            page.line("p") { page in
                page.span(
                    "strong", text: "Whoever made this page chose its keys and its code.")
                page.text(
                    " What it says is worth something only once you have compared the bundle id and the "
                        + "fingerprints below with what you were given by another way, or run ")
                page.span("code", text: command)
                page.text(", which needs nothing from this page.")
            }
            page.block("dl") { page in
                if let release = data.report.release {
                    fact("bundle id", release.seal.hex, &page)
                }
                for key in data.keys {
                    guard let fingerprint = key.fingerprint else { continue }
                    fact("key \(key.id)", fingerprint.hex, &page)
                }
            }
        }
    }

    private func fact(_ name: String, _ value: String, _ page: inout MarkupWriter) {
        page.block("div") { page in
            page.line("dt", text: name)
            page.line("dd") { page in page.span("code", text: value) }
        }
    }

    /// The command that verifies without the page.
    private var command: String {
        let release = data.report.release.map {
            " --release \($0.release.name)@\($0.release.version)"
        }
        return "closeout verify BUNDLE --trust POLICY --artifacts DIR" + (release ?? "")
    }

    /// Where files are taken, and the script writes what it found.
    private func checking(_ page: inout MarkupWriter) {
        page.block("section", ["aria-labelledby": "self"]) { page in
            page.line("h2", ["id": "self"], text: "Check the shipped files")
            page.line("noscript") { page in
                page.span(
                    "p", text: "Without JavaScript this page recomputes nothing: run the command.")
            }
            page.block("div", ["id": "drop", "class": "drop"]) { page in
                page.line(
                    "p",
                    text:
                        "Drop the folder with the shipped files here, or choose it. Nothing leaves your machine."
                )
                input("folder", "Folder with the shipped files", &page)
                input(
                    "policy", "A trust policy of your own, in place of the keys of this page", &page
                )
            }
            page.line("p", ["id": "outcome", "class": "outcome", "aria-live": "polite"], text: "")
            page.line("p", ["id": "status", "role": "status", "aria-live": "polite"], text: "")
            page.empty(
                "progress",
                [
                    "id": "progress", "max": "1", "value": "0", "aria-label": "Bytes hashed",
                    "hidden": "",
                ])
            page.literal("</progress>\n")
            page.line("div", ["id": "files"], text: "")
        }
        page.block("section", ["aria-labelledby": "recomputed"]) { page in
            page.line("h2", ["id": "recomputed"], text: "Recomputed by this page")
            page.line("div", ["id": "values"], text: "")
        }
        page.block("section", ["aria-labelledby": "elsewhere"]) { page in
            page.line("h2", ["id": "elsewhere"], text: "Not checked here")
            page.line("p") { page in
                page.text("A browser cannot check these, or this page does not: ")
                page.span("code", text: command)
                page.text(" does.")
            }
            page.line("div", ["id": "unchecked"], text: "")
        }
    }

    private func input(_ id: String, _ label: String, _ page: inout MarkupWriter) {
        page.block("p") { page in
            page.line("label", ["for": id], text: label)
            page.empty("input", ["type": "file", "id": id, "multiple": ""])
        }
    }

    private func shown(_ page: inout MarkupWriter) {
        page.block("section", ["aria-labelledby": "made"]) { page in
            page.line("h2", ["id": "made"], text: "What closeout reported when this page was made")
            page.line(
                "p",
                text:
                    "From here on nothing is recomputed by this page: it is as its maker wrote it.")
            html.facts(&page)
        }
        html.content(&page)
    }
}
