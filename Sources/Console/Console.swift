// A local web page that shows a closeout and verifies it (docs/console.md).
//
// A request passes the `Gate` before anything looks at its path. A page is made of templates and of what `Reports`
// says of the report that the verifier gave; no rule is applied here. The bundle is verified when the console
// starts, when somebody asks for it and when it changes, and until that is done no verdict is shown.
//
// Example (run by Tests/ConsoleTests/ConsoleExample.swift):
//
//     let console = ConsoleServer(subject, settings: ConsoleSettings())
//     let serving = Task { try await console.run { opened.yield($0) } }

package import CloseoutEncodings
package import CloseoutVerification
package import CloseoutWorkflows

/// What a console shows.
package struct ConsoleSubject: Sendable {
    /// The bundle, a folder or packed.
    package let path: [UInt8]
    /// What its verification is asked; without an instant that was asked for it is verified as of now.
    package var request: VerificationRequest
    /// What the recheck of its decisions is given.
    package var recheck: RecheckRequest
    /// The command that does the same without the console.
    package var command: String
    /// The bundle that `path` is to be a copy of, of what everyone may see; nil where `path` is the bundle itself.
    var publicPartOf: [UInt8]?
    /// Other bundles that it can be compared with.
    package var others: [[UInt8]] = []
    /// The clock.
    package var now: @Sendable () -> Instant

    /// Names a bundle and what its verification is asked.
    ///
    /// - Parameters:
    ///   - path: The bundle.
    ///   - request: What its verification is asked.
    ///   - recheck: What the recheck of its decisions is given.
    ///   - command: The command that does the same without the console.
    ///   - now: The clock.
    package init(
        path: [UInt8], request: VerificationRequest, recheck: RecheckRequest, command: String,
        now: @escaping @Sendable () -> Instant
    ) {
        self.path = path
        self.request = request
        self.recheck = recheck
        self.recheck.keepsManifest = true
        self.command = command
        self.now = now
    }
}

extension ConsoleSubject {
    /// The bundle, as pages name it.
    var shownPath: [UInt8] { publicPartOf ?? path }

    /// What somebody is shown who may see what everyone may: a copy without the rest, verified for itself.
    ///
    /// - Parameter path: Where the copy is made.
    /// - Returns: The copy as something to show.
    func publicPart(at path: [UInt8]) -> ConsoleSubject {
        var part = ConsoleSubject(
            path: path, request: request, recheck: recheck, command: command, now: now)
        part.publicPartOf = self.path
        return part
    }
}

/// What keeps a console from starting.
package struct ConsoleError: Error, Equatable, Sendable, CustomStringConvertible {
    /// What is wrong, in one sentence without a full stop.
    package let message: String
    /// What to do about it.
    package let hint: String
    /// Whether what was asked for contradicts itself; else the system does not grant it.
    package let isUsage: Bool

    /// What is wrong.
    package var description: String { message }

    package init(message: String, hint: String, isUsage: Bool = false) {
        self.message = message
        self.hint = hint
        self.isUsage = isUsage
    }
}
