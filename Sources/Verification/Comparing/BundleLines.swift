import CloseoutBundles
import CloseoutEncodings
import CloseoutFiles
import CloseoutOpenSSL

/// A bundle's log and files as lines, so that no byte in which two bundles differ is passed over
/// (docs/command-line.md, "diff").
struct BundleLines {
    /// A line for the log, each file of the head, each signature, what the log does not name, and
    /// whatever is not there although the log names it.
    let lines: [String]

    init(_ contents: BundleContents) {
        var lines = [Self.line(BundleLayout.log, contents.logReading)]
        lines += contents.files.compactMap(Self.line)
        for (path, reading) in [
            (BundleLayout.checkpoint, contents.checkpoint),
            (BundleLayout.checkpointToken, contents.checkpointToken),
            (BundleLayout.withheld, contents.withheld),
        ] {
            if case .missing = reading { continue }
            lines.append(Self.line(path, reading))
        }
        lines += contents.unlisted.map { "\(printable($0.path))  is not named by the log" }
        lines += contents.notRegular.map { "\(printable($0))  is no regular file" }
        if contents.holdsArtifacts { lines.append("\(printable(BundleLayout.artifacts))/") }
        self.lines = lines
    }

    /// A logged file; nil where its content is compared elsewhere and it is there.
    private static func line(_ file: LoggedFile) -> String? {
        let entry = file.entry
        switch entry.kind {
        // They are read after all others, and compared with their line of the log then.
        case .manifest, .sums: return "\(printable(entry.path))  \(entry.digest.hex)"
        case .seal, .readme, .signature: return line(entry.path, file.reading)
        case .timestamp, .certificate, .evidence, .attachment:
            guard file.reading.digest != entry.digest else { return nil }
            return line(entry.path, file.reading)
        }
    }

    private static func line(_ path: [UInt8], _ reading: FileReading) -> String {
        let words =
            if let digest = reading.digest {
                digest.hex
            } else if case .missing = reading {
                "is not there"
            } else {
                "was not read"
            }
        return "\(printable(path))  \(words)"
    }
}
