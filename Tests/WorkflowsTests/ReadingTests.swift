import CloseoutBundles
import CloseoutEncodings
import CloseoutFiles
import CloseoutTestSupport
import CloseoutVerification
import CloseoutWorkflows
import Testing

@Suite("Reading bundles in process")
struct ReadingTests {
    @Test("a bundle is packed, verified where it is, and unpacked as it was")
    func packing() async throws {
        try await withRelease { release in
            _ = try await release.seal()
            let packed = try await packBundle(
                at: release.target.path, artifacts: .folder(release.bytes("dist")),
                to: release.bytes("p.tar"))
            #expect(packed.stored == [release.bytes("p.tar")])
            #expect(packed.remarks == [.note("9 files")])
            var request = release.request(trusting: try release.policy())
            request.artifacts = .notGiven
            let verified = try await verifyBundle(at: release.bytes("p.tar"), request)
            #expect(verified.report.verdict == .verified)
            let unpacked = try await unpackBundle(
                at: release.bytes("p.tar"), artifacts: .none, to: release.bytes("again"))
            #expect(unpacked.stored == [release.bytes("again")])
            #expect(try readTree(release.path + "/again") == release.tree())
        }
    }

    @Test("two bundles are compared, each under the same policy")
    func comparing() async throws {
        try await withRelease { release in
            _ = try await release.seal()
            try await runSuccessfully(
                "cp", ["-r", release.path + "/p-1.closeout", release.path + "/b"])
            let request = release.request(
                trusting: try release.policy(), artifacts: VerificationRequest.Artifacts.none)
            let same = try await compareBundles(
                release.target.path, release.bytes("b"), request)
            #expect(same.isSame)
            try writeFile("evidence", to: release.path + "/note.txt")
            var session = try await BundleSession(opening: release.bytes("b"))
            _ = try await session.add([release.bytes("note.txt")], release.options)
            _ = consume session
            let other = try await compareBundles(release.target.path, release.bytes("b"), request)
            #expect(!other.isEmpty && !other.isInDoubt)
        }
    }

    @Test("a proof of one file, and of all, verifies without the bundle")
    func proving() async throws {
        try await withRelease { release in
            _ = try await release.seal()
            let one = try await writeProof(
                of: Array("a".utf8), in: release.target.path, to: release.bytes("a.proof"))
            #expect(one.stored == [release.bytes("a.proof")])
            var request = release.request(trusting: try release.policy(), artifacts: .notGiven)
            request.chosenFiles = [.init(file: release.bytes("dist/a"), path: nil)]
            let report = try await Verifier(request: request).verify(
                Proof(parsing: readFile(release.path + "/a.proof")))
            #expect(report.verdict == .verified)
            let all = try await writeProofs(ofAllIn: release.target.path, to: release.bytes("all"))
            #expect(all.stored == [release.bytes("all")] && all.remarks == [.note("3 proofs")])
            let error = await workflowError {
                _ = try await writeProof(
                    of: Array("none".utf8), in: release.target.path, to: release.bytes("n"))
            }
            guard case .refused(let refusal)? = error else {
                Issue.record("\(String(describing: error))")
                return
            }
            #expect(refusal.kind == .missing && !fileExists(release.path + "/n"))
        }
    }

    @Test("what is no bundle, and a target that is taken, is reported in a typed error")
    func errors() async throws {
        try await withRelease { release in
            let request = release.request(trusting: try release.policy())
            let missing = await workflowError {
                _ = try await verifyBundle(at: release.bytes("none"), request)
            }
            guard case .bundle(.notABundle)? = missing else {
                Issue.record("\(String(describing: missing))")
                return
            }
            _ = try await release.seal()
            let taken = await workflowError {
                _ = try await exportPublic(bundle: release.target.path, to: release.bytes("dist"))
            }
            guard case .bundle(.exists)? = taken else {
                Issue.record("\(String(describing: taken))")
                return
            }
        }
    }
}
