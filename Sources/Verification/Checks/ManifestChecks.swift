import CloseoutBundles
import CloseoutEncodings
import CloseoutManifests
import CloseoutOpenSSL

/// The family `manifest`: the sealed list is whole, canonical and safe to unpack by
/// (docs/manifest.md).
extension Findings {
    /// Compares the manifest's bytes with the log and the seal, and checks every line.
    mutating func checkManifest(
        _ reading: FileReading, entry: LogEntry?, sums: FileReading, sumsEntry: LogEntry?,
        _ seal: Seal?
    ) async throws -> Manifest? {
        if let entry { checkReading(reading, of: entry) }
        if let sumsEntry { checkReading(sums, of: sumsEntry) }
        let subject = "manifest.jsonl"
        guard let bytes = reading.bytes, let digest = reading.digest else {
            unknown(.manifestDigest, subject, "cannot be read")
            return nil
        }
        if let seal, seal.manifestDigest != digest {
            fail(.manifestDigest, subject, "is not the manifest that the seal names")
        }
        if seal != nil { conclude(.manifestDigest, subject, "is the manifest that the seal names") }
        let read = try await Manifest.read(bytes)
        for defect in read.defects { add(Self.finding(defect)) }
        if read.defectCount > read.defects.count {
            fail(.manifestFormat, subject, "has \(read.defectCount) defects in all")
        }
        guard let manifest = read.manifest else { return nil }
        if read.defects.isEmpty { concludeLines(manifest) }
        checkSums(manifest, sums)
        if let seal { checkAgainst(seal, manifest) }
        return manifest
    }

    private static func finding(_ defect: ManifestDefect) -> Finding {
        let id: CheckID
        switch defect.reason {
        case .header, .unterminated, .notAnEntry, .badMode: id = .manifestFormat
        case .tooManyEntries: id = .bundleLimits
        case .badPath: id = .manifestPath
        case .duplicate, .order: id = .manifestOrder
        case .noParent: id = .manifestParent
        case .outsideLink: id = .manifestLinkEscape
        case .noFiles: id = .manifestNotEmpty
        }
        let place = "line \(defect.line)"
        let subject = defect.path.map { "\(place), \(printable($0))" } ?? place
        return Finding(id, .fail, subject, defect.reason.problem)
    }

    private mutating func concludeLines(_ manifest: Manifest) {
        let subject = "\(grouped(manifest.count)) entries"
        conclude(.manifestFormat, subject, "are canonical")
        conclude(.manifestOrder, subject, "ascend strictly")
        conclude(.manifestPath, subject, "have plain relative paths")
        conclude(.manifestParent, subject, "have their folders listed")
        if manifest.header.outsideLinks {
            conclude(.manifestLinkEscape, subject, "may link outside, as the header says")
        } else {
            conclude(.manifestLinkEscape, subject, "link nowhere outside")
        }
        conclude(.manifestNotEmpty, subject, "hold \(grouped(manifest.totals.files)) files")
    }

    private mutating func checkSums(_ manifest: Manifest, _ sums: FileReading) {
        guard let digest = sums.digest else {
            unknown(.manifestSums, "SHA256SUMS", "cannot be read")
            return
        }
        if digest != manifest.sumsDigest {
            fail(.manifestSums, "SHA256SUMS", "is not what the manifest generates")
        }
        conclude(.manifestSums, "SHA256SUMS", "is what the manifest generates")
    }

    private mutating func checkAgainst(_ seal: Seal, _ manifest: Manifest) {
        let subject = "manifest.jsonl"
        if manifest.totals != seal.totals {
            fail(.manifestTotals, subject, "does not have the counts that the seal names")
        }
        conclude(.manifestTotals, subject, "has the counts that the seal names")
        if manifest.merkleRoot != seal.merkleRoot {
            fail(.manifestMerkleRoot, subject, "does not have the Merkle root that the seal names")
        }
        conclude(.manifestMerkleRoot, subject, "has the Merkle root that the seal names")
    }
}
