// Seals a software release so that an auditor can check it offline, years later.
//
// This module does in a Swift program what the program `closeout` does on the command line: it verifies
// bundles, proofs and signatures, seals directories, and appends to bundles. Values go in and values come
// out: nothing is printed, no environment is read, no signal is caught, and the time is always given. It is
// the one module that others may use; its types are small values made from those of the modules below.
//
// Example (run by Tests/CloseoutTests/LibraryExample.swift):
//
//     let policy = try TrustPolicy(parsing: policyFile)
//     var verifier = Verifier(policy: policy, at: now)
//     verifier.artifacts = .directory(dist)
//     let report = try await verifier.verify(.folder(bundle))
//     guard report.verdict == .verified else { throw Refused(reason: report.headline) }

internal import CloseoutFiles

/// A bundle on disk: everything that is known of one release (docs/bundle.md).
public enum Bundle: Hashable, Sendable {
    /// A folder, at this path.
    case folder(String)
    /// A bundle that was packed into one file, at this path (docs/pack.md).
    case packed(String)

    /// The path of the folder or file.
    public var path: String {
        switch self {
        case .folder(let path), .packed(let path): path
        }
    }
}

/// Where the shipped files are that a release is compared with.
public enum Artifacts: Hashable, Sendable {
    /// Nobody said. The files that a bundle carries itself are compared; where it carries none, the
    /// verdict is ``Verdict/incomplete``.
    case notGiven
    /// The files are left out: only the evidence is verified, and the report says so.
    case none
    /// All files, below the folder at this path.
    case directory(String)
    /// Some files: the path of each on this machine, by its path in the release.
    case files([String: String])
}

extension String {
    /// The path as the bytes that the system takes.
    var pathBytes: [UInt8] { Array(utf8) }
}

/// Whether the task was cancelled, or the system was short of something, while something was read.
///
/// What was found meanwhile is no result: what could not be opened looks like a file that cannot be read.
struct Undisturbed {
    private let shortages = Shortage.count

    /// Confirms that nothing disturbed the work since this value was made.
    func confirm() throws(VerificationError) {
        if Task.isCancelled { throw .cancelled }
        do { try Shortage.check(since: shortages) } catch { throw VerificationError(error) }
    }
}
