import CloseoutConsole
import CloseoutTestSupport
import CloseoutVerification
import CloseoutWorkflows
import Testing

/// The example with which the module opens.
@Suite("The example of the module Console")
struct ConsoleExample {
    @Test("serving pages about a bundle")
    func example() async throws {
        let now = try instant()
        let subject = ConsoleSubject(
            path: Array((repositoryRoot + "/fixtures/released/key/bundle").utf8),
            request: VerificationRequest(trust: Trust(), asOf: now), recheck: RecheckRequest(),
            command: "closeout verify BUNDLE", now: { now })
        let (addresses, opened) = AsyncStream.makeStream(of: String.self)

        let console = ConsoleServer(subject, settings: ConsoleSettings())
        let serving = Task { try await console.run { opened.yield($0) } }
        for await address in addresses {
            #expect(address.hasPrefix("http://127.0.0.1:") && address.contains("/open?token="))
            serving.cancel()
            opened.finish()
        }
        try await serving.value
    }
}
