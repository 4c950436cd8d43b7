import ArgumentParser
import CloseoutEncodings
import CloseoutFiles
import CloseoutOpenSSL
import CloseoutWorkflows

/// Certificates and revocation lists that an auditor brings along (docs/command-line.md, "verify").
struct UntrustedCertificateOptions: ParsableArguments {
    /// The most bytes of one file.
    private static let limit = 16 * 1024 * 1024

    @Option(
        name: .customLong("crl"),
        help: ArgumentHelp(
            "Untrusted certificates for chains, and revocation lists: a file or a "
                + "folder. Repeatable.", valueName: "dir|file"),
        completion: .file(), transform: pathArgument)
    var paths: [[UInt8]] = []

    /// The files that were named, and those in the folders that were named.
    ///
    /// - Throws: `CommandFailure` for a folder without files.
    func files() throws -> [[UInt8]] {
        try CloseoutCommandLine.files(at: paths, called: "certificates or lists")
    }

    /// Reads all of them.
    ///
    /// - Throws: `CommandFailure` where a file holds anything else.
    func load() throws -> UntrustedCertificates {
        var material = UntrustedCertificates()
        for path in try files() {
            material.add(try untrustedCertificates(of: readFile(path, limit: Self.limit), at: path))
        }
        return material
    }
}

/// The files that were named, and those in the folders that were named, which hold at least one.
///
/// - Throws: `CommandFailure` for a folder without files.
func files(at paths: [[UInt8]], called name: String) throws -> [[UInt8]] {
    var files: [[UInt8]] = []
    for path in paths {
        guard let folder = try? Directory.open(path) else {
            files.append(path)
            continue
        }
        let found = try folder.entries().filter { $0.kind == .regular }
        guard !found.isEmpty else {
            throw CommandFailure(.missing, "\(printable(path)) holds no \(name)")
        }
        files += found.map { Path.join(path, $0.name) }
    }
    return files
}
