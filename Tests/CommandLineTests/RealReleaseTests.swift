import CloseoutEncodings
import CloseoutTestSupport
import Testing

@Suite("A real release", .requires("openssl"))
struct RealReleaseTests {
    @Test(
        """
        of 5,000 files and 500 MB with links is sealed, signed outside, verified, and refused after \
        one byte has changed
        """)
    func mainJob() async throws {
        try await withTemporaryDirectory { path in
            let scene = Scene(path: path)
            try await gather(in: scene)
            try await sealAndSign(scene)
            let verified = try await scene.closeout(
                "verify", "toolchain-6.closeout", "--trust", "trust.json", "--artifacts", "dist")
            #expect(verified.status == 0)
            let glance = lines(verified.stdoutText)
            #expect(glance.first == "VERIFIED toolchain 6")
            let signers = glance.drop { !$0.hasPrefix("signed:") }.joined()
            #expect(signers.contains("by release (key release)"))
            #expect(signers.contains("archive-team (key archive)"))
            try await scene.shellDone(
                "cd dist && sha256sum --check --strict --quiet ../toolchain-6.closeout/SHA256SUMS")

            let victim = try await flipOneByte(scene)
            let refused = try await scene.closeout(
                "verify", "toolchain-6.closeout", "--trust", "trust.json", "--artifacts", "dist",
                "--format", "json")
            #expect(refused.status == 30)
            let report = try ReportReading(parsing: refused.stdout)
            #expect(report.verdict == "FAILED")
            #expect(
                report.findings("fail") == [
                    ReportReading.Line(id: "artifact.digest", subject: victim)
                ])
        }
    }

    /// Copies enough of the Swift toolchain and of the system's headers.
    private func gather(in scene: Scene) async throws {
        let information = try await run("swift", ["-print-target-info"])
        let target = try JSON(parsing: information.stdout)
        let toolchain = try #require(target["paths"]?["runtimeResourcePath"]?.text)
        try makeDirectory(scene.path + "/dist")
        let folders = ["/usr/include", toolchain + "/linux", toolchain + "/host", toolchain]
        var numbers: [Int] = []
        for (index, folder) in (folders + ["/usr/share", "/usr/lib"]).enumerated() {
            try await scene.shellDone("[ ! -d '\(folder)' ] || cp -a '\(folder)' dist/\(index)")
            let counted = try await scene.shellDone(
                "find dist -type f -printf '%s\\n' | awk '{ s += $1 } END { print NR, s }'")
            numbers = counted.split { " \n".contains($0) }.compactMap { Int($0) }
            if numbers.count == 2, numbers[0] >= 5_000, numbers[1] >= 500_000_000 { break }
        }
        #expect(numbers.count == 2 && numbers[0] >= 5_000 && numbers[1] >= 500_000_000)
        #expect(try await !scene.shellDone("find dist -type l | head -n 1").isEmpty)
    }

    /// Seals with a key at hand, and has `openssl` sign what `request` tells it to.
    private func sealAndSign(_ scene: Scene) async throws {
        try await scene.shellDone(
            """
            set -e
            closeout keygen --quiet --no-passphrase -o release --trust trust.json
            mkdir vault
            openssl genpkey -quiet -algorithm EC -pkeyopt ec_paramgen_curve:P-256 \
              -out vault/archive.pem
            openssl pkey -in vault/archive.pem -pubout -out archive.pub.pem
            closeout trust add trust.json archive.pub.pem --operator archive-team --role archive
            closeout seal dist --release toolchain@6 --key release.pem --allow-outside-links
            """)
        let incomplete = try await scene.closeout(
            "verify", "toolchain-6.closeout", "--trust", "trust.json", "--artifacts", "none")
        #expect(incomplete.status == 40)
        let request = try await scene.done(
            "request", "toolchain-6.closeout", "--for", "openssl", "--key-reference",
            "vault/archive.pem")
        #expect(request.first == "./toolchain-6.request")
        try await scene.shellDone(request.dropFirst().joined(separator: "\n"))
        try await scene.done(
            "attach", "toolchain-6.closeout", "toolchain-6.request/seal.json.sig", "--trust",
            "trust.json", "--log-key", "release.pem")
    }

    /// Changes one byte of a file in the middle of the tree, and tells the file's path.
    private func flipOneByte(_ scene: Scene) async throws -> String {
        let all = lines(try await scene.shellDone("cd dist && find . -type f -size +0 -links 1"))
        let victim = String(all.sorted()[all.count / 2].dropFirst(2))
        var bytes = try scene.bytes("dist/" + victim)
        bytes[bytes.count / 2] ^= 1
        try await scene.shellDone("chmod u+w 'dist/\(victim)'")
        let status = try await scene.shellDone("stat -c %a 'dist/\(victim)'")
        try writeFile(bytes, to: scene.path + "/dist/" + victim)
        try await scene.shellDone("chmod \(status.filter(\.isNumber)) 'dist/\(victim)'")
        return victim
    }
}
