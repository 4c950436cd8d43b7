import CloseoutBundles
import CloseoutEncodings
import CloseoutFiles
import CloseoutManifests
import CloseoutOpenSSL
import CloseoutSignatures
import CloseoutTestSupport
import CloseoutVerification
import CloseoutWorkflows
import Testing

@Suite("Sealing in process")
struct SealingTests {
    @Test("gives the release and the receipt from memory, and a bundle that verifies")
    func seal() async throws {
        try await withRelease { release in
            let sealed = try await release.seal()
            #expect(sealed.receipt.stored == [release.target.path] && !sealed.wasThere)
            #expect(sealed.receipt.remarks == [])
            #expect(sealed.logSize == 5 && sealed.seal.release.name == "p")
            let verified = try await verifyBundle(
                at: release.target.path, release.request(trusting: try release.policy()))
            #expect(verified.report.verdict == .verified)
            #expect(verified.report.release?.seal == sealed.id)
        }
    }

    @Test("what is frozen is sealed by going on, and sealed again it stays as it is")
    func goingOn() async throws {
        try await withRelease { release in
            let frozen = try await freezeRelease(release.sealRequest)
            #expect(frozen.logSize == 4 && !frozen.wasThere)
            let sealed = try await release.seal()
            #expect(sealed.wasThere && sealed.logSize == 5 && sealed.id == frozen.id)
            let before = try release.tree()
            let again = try await release.seal()
            #expect(again.wasThere && again.logSize == 5)
            #expect(try release.tree() == before)
            #expect(try await freezeRelease(release.sealRequest).wasThere)
            #expect(try release.tree() == before)
        }
    }

    @Test("something else at the target is refused, and left as it is")
    func somethingElse() async throws {
        try await withRelease { release in
            _ = try await release.seal()
            let before = try release.tree()
            try writeFile("other", to: release.path + "/dist/a")
            let error = await workflowError { _ = try await release.seal() }
            guard case .refused(let refusal)? = error else {
                Issue.record("\(String(describing: error))")
                return
            }
            #expect(refusal.kind == .cannotCreate)
            #expect(refusal.message.hasSuffix("exists and seals something else"))
            #expect(try release.tree() == before && release.hasNothingTemporary)
        }
    }

    @Test("a bundle that is locked is waited for as long as was asked")
    func locked() async throws {
        try await withRelease { release in
            _ = try await release.seal()
            let holder = try Directory.open(release.target.path)
            #expect(try holder.lockIfFree(.shared))
            var request = try release.sealRequest
            request.lockWait = LockWait(seconds: 0)
            let error = await workflowError {
                _ = try await sealRelease(request, by: .key(release.signer), release.options)
            }
            guard case .bundle(.file(let file))? = error else {
                Issue.record("\(String(describing: error))")
                return
            }
            #expect(file.cause == .locked(seconds: 0) && release.hasNothingTemporary)
            try holder.unlock()
        }
    }

    @Test("the folder is locked while it is being made, so that nobody clears it away")
    func lockedFolder() async throws {
        try await withRelease { release in
            let parent = release.path
            let signer = OutsideSigner(key: release.key) {
                let made = try Directory.open(Array(parent.utf8)).entries().first {
                    TemporaryName.matches($0.name)
                }
                let name = try #require(made?.name)
                #expect(
                    try !Directory.open(Path.join(Array(parent.utf8), name)).lockIfFree(.shared))
                #expect(!fileExists(parent + "/p-1.closeout"))
            }
            let sealed = try await sealRelease(
                release.sealRequest, by: .outside(signer, try release.policy()), release.options)
            #expect(sealed.logSize == 5)
            let verified = try await verifyBundle(
                at: release.target.path, release.request(trusting: try release.policy()))
            #expect(verified.report.verdict == .verified)
        }
    }

    @Test("an outside signer whose answer does not count leaves nothing")
    func outsideRefused() async throws {
        try await withRelease { release in
            let stranger = LocalKey(try PrivateKey.generate(.ed25519))
            let signer = OutsideSigner(key: stranger) {}
            let error = await workflowError {
                _ = try await sealRelease(
                    release.sealRequest, by: .outside(signer, try release.policy()),
                    release.options)
            }
            guard case .refused(let refusal)? = error else {
                Issue.record("\(String(describing: error))")
                return
            }
            #expect(refusal.kind == .failed)
            #expect(!fileExists(release.path + "/p-1.closeout") && release.hasNothingTemporary)
        }
    }

    @Test("a task that is cancelled removes what it had begun")
    func cancelled() async throws {
        try await withRelease { release in
            let (reached, signal) = AsyncStream.makeStream(of: Void.self)
            let begun = Task {
                let signer = OutsideSigner(key: release.key) {
                    signal.yield()
                    try? await Task.sleep(for: .seconds(3600))
                }
                return await workflowError {
                    _ = try await sealRelease(
                        release.sealRequest, by: .outside(signer, try release.policy()),
                        release.options)
                }
            }
            for await _ in reached { break }
            begun.cancel()
            let error = await begun.value
            guard case .bundle(.file(let file))? = error else {
                Issue.record("\(String(describing: error))")
                return
            }
            #expect(file.cause == .cancelled)
            #expect(!fileExists(release.path + "/p-1.closeout") && release.hasNothingTemporary)
        }
    }
}

/// A signer elsewhere, which does something before it answers.
private struct OutsideSigner: Signer {
    let key: LocalKey
    let before: @Sendable () async throws -> Void

    func sign(_ content: SignedContent) async throws -> CloseoutWorkflows.Attachment {
        try await before()
        return try await EnvelopeSigner(key).sign(content)
    }
}
