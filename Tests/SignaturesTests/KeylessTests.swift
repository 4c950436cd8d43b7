import CloseoutEncodings
import CloseoutOpenSSL
import CloseoutSignatures
import CloseoutTestSupport
import Testing

@Suite("Sigstore bundles with certificates", .requires("openssl"))
struct KeylessTests {
    /// One deviation from what counts, and the step that it keeps from passing.
    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        /// Nil where all steps pass.
        let step: SigstoreStep?
        let make: @Sendable (inout KeylessTests.Setup) throws -> Void
        var testDescription: String { name }

        init(
            _ name: String, _ step: SigstoreStep?,
            _ make: @escaping @Sendable (inout KeylessTests.Setup) throws -> Void
        ) {
            self.name = name
            self.step = step
            self.make = make
        }
    }

    /// What a case changes.
    struct Setup {
        let lab: SigstoreLab
        var recipe = SigstoreLab.Recipe()
        var root = SigstoreLab.RootChanges()
        var demands: [JSONMember] = []
        var identity: JSON?
        var asOf = "2026-06-01T00:00:00Z"
        var content: SignedContent?

        func result() async throws -> SignatureResult {
            let policy = try lab.policy(recipe, root, demands: demands, identity: identity)
            let results = try verify(policy, asOf: asOf).verify(
                await lab.bundle(recipe), as: .sigstore, over: content ?? lab.content(recipe))
            return try #require(results.first)
        }
    }

    private func check(_ test: Case) async throws {
        var setup = try Setup(lab: SigstoreLab())
        try test.make(&setup)
        let result = try await setup.result()
        let found = result.steps.filter { $0.status == .fail || $0.status == .unknown }
        #expect(found.map(\.step) == (test.step.map { [$0] } ?? []), "\(found)")
        #expect((result.effect == .counts) == (test.step == nil), "\(result.outcome)")
        #expect((result.outcome == .accepted) == (test.step == nil), "\(result.outcome)")
        #expect(test.step == .form || result.steps.map(\.step) == SigstoreStep.allCases)
    }

    @Test("What is as it must be counts", arguments: KeylessTests.sound)
    func counts(test: Case) async throws { try await check(test) }

    @Test(
        "A single defect is found by the step that it belongs to, and by no other",
        arguments: KeylessTests.defects)
    func isFound(test: Case) async throws { try await check(test) }

    static let sound: [Case] = [
        Case("a message", nil) { _ in },
        Case("an envelope", nil) { $0.recipe.isEnvelope = true },
        Case("a bundle of version 0.1 with a chain", nil) {
            $0.recipe.mediaType = "application/vnd.dev.sigstore.bundle+json;version=0.1"
        },
        Case("a second-generation log and a token", nil) {
            ($0.recipe.hasFirst, $0.recipe.hasSecond) = (false, true)
            $0.recipe.stampTimes = ["20260501120100Z"]
        },
        Case("an envelope in a second-generation log", nil) {
            ($0.recipe.hasFirst, $0.recipe.hasSecond, $0.recipe.isEnvelope) = (false, true, true)
            $0.recipe.stampTimes = ["20260501120100Z"]
        },
        Case("both logs and a token", nil) {
            $0.recipe.hasSecond = true
            $0.recipe.stampTimes = ["20260501120100Z"]
        },
        Case("extension lines and foreign signatures in a checkpoint", nil) {
            $0.recipe.extensionLines = "Timestamp: 12345\n"
            $0.recipe.foreignLines = "\u{2014} witness AQIDBAUG\n"
        },
        Case("extensions of a certificate time-stamp", nil) {
            $0.recipe.certificateTimeExtensions = [0, 0, 5, 0, 0, 0, 0, 9]
        },
        Case("no messageDigest", nil) { $0.recipe.statedDigest = nil },
        Case("a digest that the entry names", nil) {
            $0.recipe.loggedDigest = .sha512
            $0.recipe.statedDigest = .sha512
            $0.recipe.algorithm = .ecdsaP256SHA512
        },
        Case("a workflow at any ref", nil) {
            $0.identity = $0.lab.identity(
                subject: JSONMember("identity_any_ref", JSON(SigstoreLab.workflow)))
        },
        Case("all claims", nil) {
            $0.identity = $0.lab.identity(members: [
                member("source_repository", "https://github.com/acme/pay"),
                member("source_ref", "refs/tags/v1"), member("source_repository_id", "1"),
                member("source_owner_id", "2"), member("workflow", SigstoreLab.name),
                member("trigger", "release"), member("visibility", "public"),
            ])
        },
        Case("nothing but a token where no more is demanded", nil) {
            $0.recipe.hasFirst = false
            $0.recipe.certificateTimes = []
            $0.recipe.stampTimes = ["20260501120100Z"]
            $0.demands = [JSONMember("log", 0), JSONMember("sct", 0), member("time", "tsa")]
        },
        Case("a promise alone, where the policy takes it", nil) {
            $0.recipe.mediaType = "application/vnd.dev.sigstore.bundle+json;version=0.1"
            $0.recipe.changesEntry = { $0.setting(["inclusionProof"], to: nil) }
            $0.demands = [member("inclusion", "promise")]
        },
        Case("the first second of the certificate", nil) {
            $0.recipe.loggedTime = 1_777_636_800
        },
        Case("the last second of the certificate", nil) { $0.recipe.loggedTime = 1_777_637_400 },
        Case("windows that begin at the times", nil) {
            $0.root.windows["first"] = ("2026-05-01T12:01:00Z", nil)
            $0.root.windows["ca"] = ("2026-05-01T12:01:00Z", nil)
            $0.root.windows["ct"] = ("2026-05-01T12:00:00.5Z", nil)
        },
        Case("windows that end at the times", nil) {
            let start = "2026-01-01T00:00:00Z"
            $0.root.windows["first"] = (start, "2026-05-01T12:01:00Z")
            $0.root.windows["ca"] = (start, "2026-05-01T12:01:00Z")
            $0.root.windows["ct"] = (start, "2026-05-01T12:00:00.5Z")
        },
        Case("a time-stamp authority's window at both ends", nil) {
            $0.recipe.stampTimes = ["20260501120100.25Z"]
            $0.root.windows["tsa"] = ("2026-05-01T12:01:00.25Z", "2026-05-01T12:01:00.25Z")
        },
        Case("a verification time that is the last of all times", nil) {
            $0.asOf = "2026-05-01T12:01:00Z"
        },
    ]

    static let defects: [Case] = [
        Case("another media type", .form) {
            $0.recipe.mediaType = "application/vnd.dev.sigstore.bundle+json;version=0.4"
        },
        Case("an unknown member", .form) { $0.recipe.changes = { $0.setting(["more"], to: 1) } },
        Case("a chain in version 0.3", .form) {
            $0.recipe.changes = {
                let certificate = $0["verificationMaterial"]?["certificate"] ?? nil
                return $0.setting(["verificationMaterial", "certificate"], to: nil).setting(
                    ["verificationMaterial", "x509CertificateChain"],
                    to: ["certificates": [certificate]])
            }
        },
        Case("a public key beside the certificate", .form) {
            $0.recipe.changes = {
                $0.setting(["verificationMaterial", "publicKey"], to: ["hint": ""])
            }
        },
        Case("a negative number", .form) {
            $0.recipe.changesEntry = { $0.setting(["logIndex"], to: "-1") }
        },
        Case("an entry twice", .form) {
            $0.recipe.changes = {
                guard case .array(let all)? = $0["verificationMaterial"]?["tlogEntries"] else {
                    return $0
                }
                return $0.setting(["verificationMaterial", "tlogEntries"], to: .array(all + all))
            }
        },
        Case("no proof of inclusion in version 0.3", .form) {
            $0.recipe.changesEntry = { $0.setting(["inclusionProof"], to: nil) }
        },
        Case("two signatures in an envelope", .form) {
            $0.recipe.isEnvelope = true
            $0.recipe.changes = {
                let one: JSON = ["sig": "AQID"]
                return $0.setting(["dsseEnvelope", "signatures"], to: [one, one])
            }
        },
        Case("another payload than the content", .content) {
            $0.recipe.isEnvelope = true
            $0.content = .seal(Array("something else".utf8))
        },
        Case("another payload type than the content's", .content) {
            $0.recipe.isEnvelope = true
            $0.content = .record(SigstoreLab.Recipe().message)
        },
        Case("a certificate of an authority", .leaf) {
            $0.recipe.profile = [usage(0x84, unused: 2), purpose([3])]
            $0.recipe.subject = "leaf"
            $0.recipe.leafExtensions = [authority(true)]
        },
        Case("a certificate that is none", .leaf) {
            $0.recipe.changes = {
                $0.setting(["verificationMaterial", "certificate", "rawBytes"], to: "AQID")
            }
        },
        Case("two names", .profile) {
            $0.recipe.names.append(der(0x81, Array("a@b.example".utf8)))
        },
        Case("no time at all", .times) {
            $0.recipe.changesEntry = { $0.setting(["inclusionPromise"], to: nil) }
        },
        Case("a promise by another key", .times) {
            $0.recipe.promiseSigner = try Signer(.p256)
            $0.recipe.stampTimes = ["20260501120100Z"]
        },
        Case("no token, where one is demanded", .times) { $0.demands = [member("time", "tsa")] },
        Case("no promise, where one is demanded", .times) {
            ($0.recipe.hasFirst, $0.recipe.hasSecond) = (false, true)
            $0.recipe.stampTimes = ["20260501120100Z"]
            $0.demands = [member("time", "set")]
        },
        Case("a token over other bytes", .times) {
            $0.recipe.stampTimes = ["20260501120100Z"]
            $0.recipe.stamped = [1]
        },
        Case("a token before its authority's window", .times) {
            $0.recipe.stampTimes = ["20260501120100.249Z"]
            $0.root.windows["tsa"] = ("2026-05-01T12:01:00.25Z", nil)
        },
        Case("a token after its authority's window", .times) {
            $0.recipe.stampTimes = ["20260501120100.251Z"]
            $0.root.windows["tsa"] = ("2026-01-01T00:00:00Z", "2026-05-01T12:01:00.25Z")
        },
        Case("a log's time before its window", .times) {
            $0.root.windows["first"] = ("2026-05-01T12:01:01Z", nil)
            $0.recipe.stampTimes = ["20260501120200Z"]
        },
        Case("a log's time after its window", .times) {
            $0.root.windows["first"] = ("2026-01-01T00:00:00Z", "2026-05-01T12:00:59.999Z")
            $0.recipe.stampTimes = ["20260501120030Z"]
        },
        Case("a time before the certificate", .chain) { $0.recipe.loggedTime = 1_777_636_799 },
        Case("a time after the certificate", .chain) { $0.recipe.loggedTime = 1_777_637_401 },
        Case("one time of two after the certificate", .chain) {
            $0.recipe.stampTimes = ["20260501121001Z"]
        },
        Case("a time before the authority's window", .chain) {
            $0.root.windows["ca"] = ("2026-05-01T12:01:00.001Z", nil)
        },
        Case("a time after the authority's window", .chain) {
            $0.root.windows["ca"] = ("2026-01-01T00:00:00Z", "2026-05-01T12:00:59.999Z")
        },
        Case("an authority in between that had ended", .chain) {
            $0.recipe.intermediateTime = ("250101000000Z", "260501120059Z")
        },
        Case("an authority in between for something else", .chain) {
            $0.recipe.intermediateExtensions.append(purpose([8]))
        },
        Case("an unknown critical extension", .chain) {
            $0.recipe.leafExtensions = [certificateExtension("1.2.3.4", [5, 0], critical: true)]
        },
        Case("no time-stamp of the certificate", .sct) { $0.recipe.certificateTimes = [] },
        Case("a time-stamp of the certificate by another key", .sct) {
            $0.recipe.certificateTimeSigner = try Signer(.p256)
        },
        Case("a log of certificates that the root does not know", .sct) {
            $0.root.leavesOut = ["ct"]
        },
        Case("bytes behind the certificate's time-stamps", .sct) {
            $0.recipe.changesCertificateTime = { $0 + [0] }
        },
        Case("a certificate's time-stamp before its log's window", .sct) {
            $0.root.windows["ct"] = ("2026-05-01T12:00:00.501Z", nil)
        },
        Case("a certificate's time-stamp after its log's window", .sct) {
            $0.root.windows["ct"] = ("2026-01-01T00:00:00Z", "2026-05-01T12:00:00.499Z")
        },
        Case("a certificate for something else", .profile) {
            $0.recipe.profile = [usage(0x80, unused: 7), purpose([4])]
        },
        Case("a certificate without a purpose", .profile) {
            $0.recipe.profile = [usage(0x80, unused: 7)]
        },
        Case("a key that is not for signatures", .profile) {
            $0.recipe.profile = [usage(0x20, unused: 5), purpose([3])]
        },
        Case("another name", .identity) {
            $0.recipe.names = [der(0x86, Array((SigstoreLab.name + "x").utf8))]
        },
        Case("the same text as another kind of name", .identity) {
            $0.recipe.names = [der(0x81, Array(SigstoreLab.name.utf8))]
        },
        Case("another issuer", .identity) {
            $0.recipe.claims = [claim("8", SigstoreLab.issuer + "/acme")]
        },
        Case("no issuer", .identity) { $0.recipe.claims = [] },
        Case("two issuers", .identity) {
            $0.recipe.claims = [claim("8", SigstoreLab.issuer), oldClaim("1", "https://other")]
        },
        Case("an issuer that is no text", .identity) {
            $0.recipe.claims = [oldClaim("8", SigstoreLab.issuer)]
        },
        Case("a workflow that only begins so", .identity) {
            $0.identity = $0.lab.identity(
                subject: JSONMember(
                    "identity_any_ref", JSON(String(SigstoreLab.workflow.dropLast()))))
        },
        Case("a workflow that a foreign repository called", .identity) {
            $0.identity = $0.lab.identity(members: [
                member("source_repository", "https://github.com/acme/other")
            ])
        },
        Case("an entry of nobody", .log) {
            $0.recipe.checkpointSigner = try Signer(.p256)
        },
        Case("a hash of the proof that is another", .log) {
            $0.recipe.changesEntry = {
                let other = JSON.string(Base64.encode([UInt8](repeating: 7, count: 32)))
                return $0.setting(["inclusionProof", "hashes"], to: [other, other])
            }
        },
        Case("a proof that is too short", .log) {
            $0.recipe.changesEntry = {
                guard case .array(let all)? = $0["inclusionProof"]?["hashes"] else { return $0 }
                return $0.setting(["inclusionProof", "hashes"], to: .array(Array(all.dropLast())))
            }
        },
        Case("a root that is not the checkpoint's", .log) {
            $0.recipe.changesEntry = {
                $0.setting(
                    ["inclusionProof", "rootHash"],
                    to: .string(Base64.encode([UInt8](repeating: 7, count: 32))))
            }
        },
        Case("a size that is not the checkpoint's", .log) {
            $0.recipe.changesEntry = { $0.setting(["inclusionProof", "treeSize"], to: "4") }
        },
        Case("a checkpoint of another log", .log) { $0.recipe.originSuffix = ".org - 123" },
        Case("a checkpoint without a signature", .log) {
            $0.recipe.changesEntry = {
                $0.setting(
                    ["inclusionProof", "checkpoint", "envelope"], to: "first - 1\n3\nAQID\n")
            }
        },
        Case("a second-generation entry with another number", .log) {
            ($0.recipe.hasFirst, $0.recipe.hasSecond) = (false, true)
            $0.recipe.stampTimes = ["20260501120100Z"]
            $0.recipe.changesEntry = { $0.setting(["logIndex"], to: "2") }
        },
        Case("a second-generation log that had ended", .log) {
            ($0.recipe.hasFirst, $0.recipe.hasSecond) = (false, true)
            $0.recipe.stampTimes = ["20260501120100Z"]
            $0.root.windows["second"] = ("2026-01-01T00:00:00Z", "2026-05-01T12:00:59Z")
        },
        Case("a promise alone", .log) {
            $0.recipe.mediaType = "application/vnd.dev.sigstore.bundle+json;version=0.1"
            $0.recipe.changesEntry = { $0.setting(["inclusionProof"], to: nil) }
        },
        Case("a proof without a checkpoint", .log) {
            $0.recipe.mediaType = "application/vnd.dev.sigstore.bundle+json;version=0.1"
            $0.recipe.changesEntry = { $0.setting(["inclusionProof", "checkpoint"], to: nil) }
        },
        Case("a wrong proof beside a promise that the policy takes", .log) {
            $0.recipe.mediaType = "application/vnd.dev.sigstore.bundle+json;version=0.1"
            $0.recipe.changesEntry = {
                $0.setting(["inclusionProof", "checkpoint"], to: nil)
                    .setting(["inclusionProof", "hashes"], to: [])
            }
            $0.demands = [member("inclusion", "promise")]
        },
        Case("an entry of another signature", .binding) {
            $0.recipe.loggedSignature = try $0.lab.leaf.sign([1])
        },
        Case("an entry of another certificate", .binding) {
            $0.recipe.loggedCertificate = try $0.lab.intermediateCertificate()
        },
        Case("an entry of another payload", .binding) {
            $0.recipe.isEnvelope = true
            $0.recipe.loggedContent = [1]
        },
        Case("an entry of another content", .binding) { $0.recipe.loggedContent = [1] },
        Case("a second-generation entry of another signature", .binding) {
            ($0.recipe.hasFirst, $0.recipe.hasSecond) = (false, true)
            $0.recipe.stampTimes = ["20260501120100Z"]
            $0.recipe.loggedSignature = try $0.lab.leaf.sign([1])
        },
        Case("a second-generation entry of another certificate", .binding) {
            ($0.recipe.hasFirst, $0.recipe.hasSecond) = (false, true)
            $0.recipe.stampTimes = ["20260501120100Z"]
            $0.recipe.loggedCertificate = try $0.lab.intermediateCertificate()
        },
        Case("a second-generation entry of another content", .binding) {
            ($0.recipe.hasFirst, $0.recipe.hasSecond) = (false, true)
            $0.recipe.stampTimes = ["20260501120100Z"]
            $0.recipe.loggedContent = [1]
        },
        Case("an entry of another kind than it states", .binding) {
            $0.recipe.isEnvelope = true
            $0.recipe.changesEntry = {
                $0.setting(["kindVersion"], to: ["kind": "intoto", "version": "0.0.2"])
            }
        },
        Case("a signature of other bytes", .signature) { $0.recipe.signed = [1] },
        Case("a messageDigest of other bytes", .signature) {
            $0.recipe.changes = {
                $0.setting(
                    ["messageSignature", "messageDigest", "digest"],
                    to: .string(Base64.encode([UInt8](repeating: 7, count: 32))))
            }
        },
        Case("a messageDigest by another function", .signature) {
            $0.recipe.statedDigest = .sha512
        },
        Case("a verification time before the entry", .asOf) { $0.asOf = "2026-05-01T12:00:59Z" },
    ]
}
