package import CloseoutEncodings
import CloseoutIndex
package import CloseoutVerification
package import CloseoutWorkflows

/// Several bundles that a console shows, with an index of them (docs/console.md, "Several bundles").
package struct ConsoleCollection: Sendable {
    /// Bundles, and folders of bundles.
    package let places: [[UInt8]]
    /// What the verification of each is asked.
    package var request: VerificationRequest
    /// What the recheck of decisions is given.
    package var recheck: RecheckRequest
    /// The command that verifies one of them without the console.
    package var command: @Sendable ([UInt8]) -> String
    /// Further bundles that each can be compared with.
    package var others: [[UInt8]] = []
    /// Where the index is kept; nil where it is not.
    package var indexFile: [UInt8]?
    /// The clock.
    package var now: @Sendable () -> Instant

    /// Names bundles and what their verification is asked.
    ///
    /// - Parameters:
    ///   - places: Bundles, and folders of bundles.
    ///   - request: What the verification of each is asked.
    ///   - recheck: What the recheck of decisions is given.
    ///   - command: The command that verifies one of them without the console.
    ///   - now: The clock.
    package init(
        places: [[UInt8]], request: VerificationRequest, recheck: RecheckRequest,
        command: @escaping @Sendable ([UInt8]) -> String, now: @escaping @Sendable () -> Instant
    ) {
        self.places = places
        self.request = request
        self.recheck = recheck
        self.command = command
        self.now = now
    }

    /// Makes the index, which is empty.
    func makeIndex() throws(ConsoleError) -> BundleIndex {
        do throws(IndexError) {
            guard let indexFile else { return try BundleIndex() }
            return try BundleIndex(keptAt: indexFile)
        } catch {
            throw ConsoleError(message: error.description, hint: error.hint)
        }
    }

    /// One of the bundles, as a console of its own shows it.
    func subject(_ path: [UInt8]) -> ConsoleSubject {
        var subject = ConsoleSubject(
            path: path, request: request, recheck: recheck, command: command(path), now: now)
        subject.others = others
        return subject
    }
}
