import Bundles
import Encodings
import Files
import Manifests

extension Verifier {
    /// Reads the manifest, now that all that is small has been looked at.
    func checkManifest(
        in bundle: borrowing BundleFolder, _ contents: BundleContents, _ seal: Seal?,
        _ findings: inout Findings
    ) async throws -> Manifest? {
        try await findings.checkManifest(
            try bundle.readManifest(), entry: contents.log.first(.manifest),
            sums: try bundle.hashSums(), sumsEntry: contents.log.first(.sums), seal)
    }

    /// Compares what was shipped: the bundle's own artifacts always, and those that were given.
    ///
    /// - Returns: what was not looked at, in words for the first line.
    func checkArtifacts(
        in bundle: borrowing BundleFolder, _ contents: BundleContents, _ manifest: Manifest?,
        _ findings: inout Findings
    ) async throws -> [String] {
        guard let manifest else {
            findings.unknown(
                .artifactGiven, "artifacts", "there is no manifest to compare them with")
            return []
        }
        var folders: [[UInt8]] = contents.holdsArtifacts ? [bundle.artifactsPath] : []
        if case .directory(let path) = request.artifacts { folders.append(path) }
        for folder in folders {
            try await compareTree(at: folder, manifest, &findings)
        }
        if !folders.isEmpty {
            let subject = folders.map { printable($0) }.joined(separator: " and ")
            findings.conclude(.artifactGiven, subject, "were compared")
            findings.concludeTree(manifest, ignoringModes: request.ignoresModes)
        }
        if !request.chosenFiles.isEmpty { return checkChosenFiles(manifest, &findings) }
        guard folders.isEmpty else { return [] }
        if request.artifacts == .none {
            findings.notApplicable(.artifactGiven, "artifacts", "only the evidence was asked for")
            return ["artifacts not looked at"]
        }
        findings.unknown(
            .artifactGiven, "artifacts", "the shipped files were not given",
            hint: "give --artifacts DIR, or --artifacts none for the evidence only")
        return []
    }

    private func compareTree(
        at path: [UInt8], _ manifest: Manifest, _ findings: inout Findings
    ) async throws {
        let root = try Directory.open(path)
        let differences = try await compare(
            manifest, root: root, ignoringModes: request.ignoresModes, progress: request.progress)
        findings.checkTree(differences, allowsExcluded: request.allowsExcluded)
    }

    /// Compares the files that were chosen by hand.
    private func checkChosenFiles(_ manifest: Manifest, _ findings: inout Findings) -> [String] {
        for chosen in request.chosenFiles {
            let subject = printable(chosen.file)
            switch entry(of: chosen, in: manifest) {
            case .found(let entry):
                let modes: ModeRule = request.ignoresModes ? .ignore : manifest.header.modes
                findings.checkChosen(chosen, against: entry, modes: modes)
            case .missing:
                findings.fail(.artifactUnexpected, subject, "is not in the manifest")
            case .ambiguous:
                findings.unknown(
                    .artifactGiven, subject, "several entries of the manifest have its name",
                    hint: "name its path in the release: --file FILE=PATH")
            }
        }
        let subject = "\(request.chosenFiles.count) chosen files"
        findings.conclude(.artifactGiven, subject, "were compared")
        findings.conclude(.artifactUnexpected, subject, "are in the manifest")
        return [
            "\(request.chosenFiles.count) of \(grouped(manifest.totals.files)) files looked at"
        ]
    }

    private enum EntrySearch {
        case found(ManifestEntry)
        case missing, ambiguous
    }

    /// The entry with the path that was named, or the only one with the file's name.
    private func entry(
        of chosen: VerificationRequest.ChosenFile, in manifest: Manifest
    ) -> EntrySearch {
        if let path = chosen.path {
            guard let index = manifest.index(of: path), let entry = manifest.entry(at: index) else {
                return .missing
            }
            return .found(entry)
        }
        let name = Path.split(chosen.file).name ?? chosen.file
        var found: ManifestEntry?
        for index in 0..<manifest.count {
            guard let entry = manifest.entry(at: index), entry.name == name else { continue }
            if found != nil { return .ambiguous }
            found = entry
        }
        return found.map(EntrySearch.found) ?? .missing
    }
}
