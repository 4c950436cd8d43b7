import ArgumentParser
import Closeout
import Files
import Glibc
import OpenSSL
import SystemPackage
import TestSupport

/// Seals a folder as a release, with a private key in a file.
@main
struct SealRelease: AsyncParsableCommand {
    @Argument var folder: String
    @Option var release: String
    @Option var key: String
    @Option(name: .shortAndLong) var output: String

    mutating func run() async throws {
        let signer = try PrivateKey(parsing: contents(ofFile: key))
        guard let now = Instant(secondsSince1970: Int64(time(nil))) else { throw ExitCode(70) }
        let sealed = try await BundleWriter.seal(
            .directory(folder), as: Release(release), created: now, to: output, signer: signer)
        let name = FilePath(output).lastComponent?.string ?? output
        print(summary("\(sealed.release)", "\(sealed.files) files", name, purpose()))
    }
}
