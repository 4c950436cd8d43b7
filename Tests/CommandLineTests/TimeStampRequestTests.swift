import CloseoutTestSupport
import Testing

@Suite("Asking for a time-stamp", .requires("openssl"))
struct TimeStampRequestTests {
    /// An authority that answers by HTTP, as those on the network do, and writes its port down.
    private static let server = """
        import http.server, subprocess
        class Authority(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                assert self.headers["Content-Type"] == "application/timestamp-query"
                open("asked", "wb").write(self.rfile.read(int(self.headers["Content-Length"])))
                subprocess.run(["openssl", "ts", "-reply", "-config", "tsa/ts.cnf", "-queryfile",
                                "asked", "-out", "answered"], check=True)
                answer = open("answered", "rb").read()
                self.send_response(200)
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)
            def log_message(self, *arguments): pass
        server = http.server.HTTPServer(("127.0.0.1", 0), Authority)
        open("port.new", "w").write(str(server.server_port))
        __import__("os").rename("port.new", "port")
        server.handle_request()
        """

    @Test(
        "an authority on the network is asked by the printed command, whose answer is attached",
        .requires("curl"), .requires(pythonTool))
    func network() async throws {
        try await withAuthorities { scene, authorities in
            try await authorities.trustStamper()
            try writeFile(Self.server, to: scene.path + "/server.py")
            try await scene.shellDone(
                """
                \(pythonTool) server.py > server.log 2>&1 &
                for i in $(seq 100); do [ -f port ] && exit 0; sleep 0.1; done; exit 1
                """)
            let port = String(decoding: try scene.bytes("port"), as: UTF8.self)
            let request = try await scene.closeout(
                "request", "p-1.closeout", "--for", "tsa", "--key-reference",
                "http://127.0.0.1:\(port)/stamp")
            let reported = lines(request.stdoutText)
            #expect(reported.first == "./p-1.request")
            try await scene.shellDone(reported.dropFirst().joined(separator: "\n"))
            let then = try #require(lines(request.stderrText).last?.dropFirst("then: ".count))
            try await scene.shellDone(then.replacing("POLICY", with: "trust.json") + " --quiet")
            #expect(scene.has("p-1.closeout/checkpoint.tsr"))
            #expect(try await authorities.verify().verdict == "VERIFIED")
        }
    }

    @Test("signatures in CMS are stamped by their values, those of several signers one by one")
    func cms() async throws {
        try await withAuthorities { scene, authorities in
            for name in ["leaf", "twig"] { _ = try await authorities.signing.certify(name) }
            try await scene.shellDone(
                """
                set -e
                closeout trust add trust.json ca/root.crt.pem --operator acme --role archive \
                  --subject CN=leaf,O=Acme --subject CN=twig,O=Acme --revocation none
                openssl cms -sign -binary -in p-1.closeout/seal.json -outform DER -out both.p7s \
                  -signer ca/leaf.crt.pem -inkey ca/leaf.pem -signer ca/twig.crt.pem \
                  -inkey ca/twig.pem
                """)
            try await authorities.trustStamper()
            let path = try #require(try await authorities.attach("both.p7s").first)
            let answer = try await authorities.stamp(over: path)
            let second = answer.replacing(".p7s.tsr", with: ".p7s-2.tsr")
            let stored = try await authorities.attach(answer, second)
            #expect(stored.filter { $0.hasPrefix("timestamps/") }.count == 2)
            let report = try await authorities.verify()
            #expect(report.verdict == "VERIFIED")
            #expect(report.findings("pass").filter { $0.id == "timestamp.valid" }.count == 2)
        }
    }

    @Test("what cannot be stamped, and an authority of another form, is refused")
    func refused() async throws {
        try await withSealedRelease { scene in
            let request = ["request", "p-1.closeout", "--key-reference"]
            for (arguments, status) in [
                (["ftp://x/", "--for", "tsa"], Int32(64)),
                (["a.cnf", "--for", "openssl-ts", "--over", "signatures/none"], 66),
                (["k.pem", "--for", "openssl", "--over", "checkpoint"], 64),
            ] {
                let refused = try await scene.closeout(request + arguments)
                #expect(refused.status == status, "\(arguments): \(refused.stderrText)")
            }
            #expect(!scene.has("p-1.request"))
        }
    }

    @Test("`seal` and `sign` name the command where the key's time ends")
    func hint() async throws {
        try await withSealedRelease { scene in
            try await scene.shellDone(
                "closeout trust retire trust.json release --at 2031-01-01T00:00:00Z")
            let hint = "p-1.closeout --for tsa --key-reference URL"
            for command in [
                ["seal", "dist", "--release", "p@1", "--key", "release.pem"],
                ["sign", "p-1.closeout", "--key", "release.pem", "--type", "raw"],
            ] {
                let reported = try await scene.closeout(command + ["--trust", "trust.json"])
                #expect(reported.status == 0)
                #expect(
                    reported.stderrText.contains("cannot reach VERIFIED after 2031-01-01T00:00:00Z")
                )
                #expect(reported.stderrText.contains(hint))
                let untold = try await scene.closeout(command + ["--quiet"])
                #expect(untold.stderrText.isEmpty)
            }
        }
    }
}
