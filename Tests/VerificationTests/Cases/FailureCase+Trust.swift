import CloseoutBundles
import CloseoutEncodings
import CloseoutOpenSSL
import CloseoutTestSupport
import CloseoutVerification
import Testing

extension FailureCase {
    static let trust: [FailureCase] = [
        FailureCase(.trustGiven, .unknown, "neither policy nor key is given") { bench in
            bench.trustsNobody = true
        },
        FailureCase(.trustLocation, "the policy lies in the bundle, as a logged attachment") {
            bench in
            try bench.smuggle(bench.policy.bytes, .attachment, as: "attachments/trust.json")
            bench.request.trust.path = bytes(bench.path("attachments/trust.json"))
        },
        FailureCase(.trustLocation, "the policy lies in the bundle behind a link to a folder") {
            bench in
            try bench.smuggle(bench.policy.bytes, .attachment, as: "attachments/trust.json")
            let link = bench.root + "/policies"
            try await runSuccessfully("ln", ["-s", bench.path("attachments"), link])
            bench.request.trust.path = bytes(link + "/trust.json")
        },
        FailureCase(.trustLocation, "the policy is a link outside to a file in the bundle") {
            bench in
            try bench.smuggle(bench.policy.bytes, .attachment, as: "attachments/trust.json")
            let link = bench.root + "/trust.json"
            try await runSuccessfully("ln", ["-s", bench.path("attachments/trust.json"), link])
            bench.request.trust.path = bytes(link)
        },
        FailureCase(.trustDigest, "another digest of the policy is demanded") { bench in
            bench.request.trust.digest = try SHA256Digest.of(bytes("another"))
        },
        FailureCase(.trustVersion, "a later version of the policy is demanded") { bench in
            bench.request.trust.minimumVersion = 2
        },
        FailureCase(
            .trustExpires, .unknown, "the policy expired a second before the verification time"
        ) { bench in
            bench.policy.members = [JSONMember("expires", "2026-05-31T23:59:59Z")]
        },
        FailureCase(.trustSampleKey, "the policy trusts a published sample key beside others") {
            bench in
            let pem = try readFile(repositoryRoot + "/keys-sample/ed25519.pem")
            bench.policy.keys.append(try KeyPair(pem: pem).entry("sample", "acme"))
        },
    ]
}
