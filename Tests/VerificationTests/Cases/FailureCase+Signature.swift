import CloseoutBundles
import CloseoutEncodings
import CloseoutOpenSSL
import CloseoutSignatures
import CloseoutTestSupport
import CloseoutVerification
import Testing

extension FailureCase {
    static let signature: [FailureCase] = [
        FailureCase(.signatureFormat, "a signature file is not of the format that the log names") {
            try $0.attach(bytes("no envelope"))
        },
        FailureCase(.signatureFormat, .unknown, "a signature file is of a format nobody knows") {
            try $0.smuggle(bytes("?"), .signature, as: "signatures/x.new", "application/x-new")
        },
        FailureCase(.signatureSubject, "a trusted signature covers another seal") { bench in
            let seal = String(decoding: try bench.file("seal.json"), as: UTF8.self)
            let other = seal.replacing("1.4.0", with: "1.4.1")
            try bench.attach(bench.release.envelope(bytes(other)))
            try bench.commit()
        },
        FailureCase(.signatureSubject, "a trusted signature covers the seal under another type") {
            bench in
            let envelope = try DSSEEnvelope.signing(
                .file(bench.file("seal.json")), with: bench.release.key(), algorithm: .ed25519)
            try bench.attach(envelope.encoded)
            try bench.commit()
        },
        FailureCase(.signatureValid, "a signature names a trusted key that did not make it") {
            bench in
            let seal = try bench.file("seal.json")
            let forged = String(decoding: try KeyPair().envelope(seal), as: UTF8.self)
            let genuine = String(decoding: try bench.release.envelope(seal), as: UTF8.self)
            // The key id of the genuine envelope, and all else of the forged one.
            let id = try #require(genuine.firstRange(of: #""keyid":""#)).upperBound
            let place = try #require(forged.firstRange(of: #""keyid":""#)).upperBound
            let mixed =
                forged[..<place] + genuine[id...].prefix(64) + forged[place...].dropFirst(64)
            try bench.attach(bytes(String(mixed)))
            try bench.commit()
        },
        FailureCase(
            .signatureKeyKnown, .unknown, "a stranger signs beside the trusted key",
            verdict: .verified
        ) { bench in
            try bench.attach(KeyPair().envelope(bench.file("seal.json")))
            try bench.commit()
        },
        FailureCase(.signatureKeyKnown, .unknown, "a stranger alone has signed") { bench in
            try bench.write(
                KeyPair().envelope(bench.file("seal.json")), to: bench.first(.signature))
            try bench.setLog(try bench.entries().filter { $0.kind != .evidence })
            try bench.remove("evidence")
            try bench.mend()
        },
        FailureCase(
            .signatureKeyWindow, .unknown, "the key's window ended before the verification time"
        ) { bench in
            bench.policy.keys[0] = bench.release.entry(
                "release-2026", "acme-release", window(to: "2026-05-31T23:59:59Z"))
        },
        FailureCase(
            .signatureKeyWindow, .fail, "the signature is proven older than its window",
            verdict: .incomplete
        ) { bench in
            bench.policy.keys[0] = bench.release.entry(
                "release-2026", "acme-release", window(from: "2026-05-20T00:00:00Z"))
            try bench.witness(at: "2026-05-19T23:59:59Z")
        },
        FailureCase(.signatureKeyRevoked, "the key was superseded before the verification time") {
            bench in
            bench.policy.keys[0] = bench.release.entry(
                "release-2026", "acme-release", revoked("2026-06-01T00:00:00Z", "superseded"))
        },
        FailureCase(.signatureKeyRevoked, "the key was compromised after the verification time") {
            bench in
            bench.policy.keys[0] = bench.release.entry(
                "release-2026", "acme-release", revoked("2026-07-01T00:00:00Z", "compromised"))
        },
        FailureCase(
            .signatureKeyStrength, "the key is an RSA key of 1,024 bits", verdict: .incomplete
        ) { bench in
            let pem = try await runSuccessfully("openssl", ["genrsa", "-traditional", "1024"])
            // Our own keys are never that weak, and neither signs nor makes one.
            try writeFile(pem, to: bench.root + "/weak.pem")
            let spki = try await runSuccessfully("openssl", ["rsa", "-pubout"], stdin: pem)
            bench.policy.keys[0] = [
                "id": "release-2026", "operator": "acme-release", "format": "spki",
                "key": .string(spki), "algorithm": "rsa-pss-sha256",
            ]
            let signature = try await runSuccessfully(
                "openssl",
                [
                    "dgst", "-sha256", "-sigopt", "rsa_padding_mode:pss", "-sigopt",
                    "rsa_pss_saltlen:digest", "-sign", bench.root + "/weak.pem",
                    bench.path("seal.json"),
                ])
            try bench.attach(signature, as: .raw)
            try bench.commit()
        },
        FailureCase(.signatureLimits, "there are 65 signature files") { bench in
            let seal = try bench.file("seal.json")
            for _ in 0..<64 { try bench.attach(KeyPair().envelope(seal)) }
            try bench.commit()
        },
        FailureCase(.signatureThreshold, .unknown, "two operators are demanded and one signed") {
            bench in
            let other = try KeyPair()
            bench.policy.keys.append(other.entry("other", "acme-security"))
            bench.policy.roles["release"] = rule("release-2026", "other", threshold: 2)
        },
        FailureCase(.signatureThreshold, .unknown, "two keys of one operator signed, two demanded")
        { bench in
            let other = try KeyPair()
            try bench.attach(other.envelope(bench.file("seal.json")))
            try bench.commit()
            bench.policy.keys.append(other.entry("other", "acme-release"))
            let third = try KeyPair()
            bench.policy.keys.append(third.entry("third", "acme-security"))
            bench.policy.roles["release"] = rule("release-2026", "other", "third", threshold: 2)
        },
        FailureCase(.signatureThreshold, .unknown, "one key signed in two formats, two demanded") {
            bench in
            try bench.attach(bench.release.sign(bench.file("seal.json"), as: .raw), as: .raw)
            try bench.commit()
            bench.policy.keys.append(try KeyPair().entry("other", "acme-security"))
            bench.policy.roles["release"] = rule("release-2026", "other", threshold: 2)
        },
        FailureCase(.signatureThreshold, .unknown, "nobody has signed") { bench in
            try bench.setLog(Array(try bench.entries().prefix(4)))
            for folder in ["signatures", "evidence", "attachments"] { try bench.remove(folder) }
            try bench.mend()
        },
        FailureCase(.signatureThreshold, .unknown, "only a role is demanded that signs no seal") {
            bench in
            bench.policy.roles["requester"] = rule("release-2026")
            bench.request.requiredRoles = [.requester]
        },
        FailureCase(.signatureThreshold, .unknown, "the policy has the role for other releases") {
            bench in
            bench.policy.roles["release"] = [
                "keys": ["release-2026"], "threshold": 1, "releases": ["billing"],
            ]
        },
    ]
}

extension Bench {
    /// Has a witness cosign the present checkpoint, and the policy trust it.
    mutating func witness(at instant: String, operator: String = "acme-witness") throws {
        let key = try KeyPair()
        policy.keys.append(try key.witness("witness-1", `operator`))
        policy.roles["witness"] = rule("witness-1")
        try commit(witnesses: [("witness-1", key, instant)])
    }
}
