import Closeout
import FoundationEssentials
import Glibc

/// Verifies a bundle and the shipped files by one public key.
@main
struct VerifyRelease {
    static func main() async throws {
        let words = CommandLine.arguments
        guard words.count == 4, let now = Instant(secondsSince1970: Int64(time(nil))) else {
            print("usage: VerifyRelease BUNDLE PUBLIC-KEY FOLDER")
            exit(64)
        }
        let keyFile = try Data(contentsOf: URL(filePath: words[2]))
        let key = try PublicKey(parsing: [UInt8](keyFile))
        var verifier = Verifier(policy: try .trusting(key), at: now)
        verifier.artifacts = .directory(words[3])

        let report = try await verifier.verify(.folder(words[1]))
        print(report.headline)
        for finding in report.findings where finding.isRequired && finding.status == .fail {
            print("  \(finding.id) \(finding.subject): \(finding.reason)")
        }
        exit(report.verdict == .verified ? 0 : 1)
    }
}
