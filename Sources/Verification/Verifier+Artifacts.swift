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
        let (entry, sumsEntry) = (contents.log.first(.manifest), contents.log.first(.sums))
        return try await findings.checkManifest(
            try bundle.readManifest(entry), entry: entry, sums: try bundle.hashSums(sumsEntry),
            sumsEntry: sumsEntry, seal)
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
        try await compareTrees(
            at: folders, ownedByBundle: bundle.artifactsPath, manifest, &findings)
        if !request.chosenFiles.isEmpty {
            let looked = checkChosenFiles(manifest, &findings)
            findings.leaveOut(family: "artifact", "artifacts", "only chosen files were looked at")
            return folders.isEmpty ? [looked] : []
        }
        guard folders.isEmpty else {
            findings.leaveOut(family: "artifact", "artifacts", "no file was given by itself")
            return []
        }
        if request.artifacts == .none {
            findings.leaveOut(family: "artifact", "artifacts", "only the evidence was asked for")
            return ["artifacts not looked at"]
        }
        findings.unknown(
            .artifactGiven, "artifacts", "the shipped files were not given",
            hint: "give --artifacts DIR, or --artifacts none for the evidence only")
        return []
    }

    /// Compares folders of shipped files, and concludes about all of them together.
    private func compareTrees(
        at folders: [[UInt8]], ownedByBundle own: [UInt8], _ manifest: Manifest,
        _ findings: inout Findings
    ) async throws {
        for folder in folders {
            do {
                try await compareTree(at: folder, manifest, &findings)
            } catch ManifestError.file(let error) where folder == own {
                findings.unknown(.artifactUnreadable, printable(folder), error.problem)
                return
            }
        }
        guard !folders.isEmpty else { return }
        let subject = folders.map { printable($0) }.joined(separator: " and ")
        findings.conclude(.artifactGiven, subject, "were compared")
        findings.concludeTree(manifest, ignoringModes: request.ignoresModes)
    }

    private func compareTree(
        at path: [UInt8], _ manifest: Manifest, _ findings: inout Findings
    ) async throws {
        let root: Directory
        do { root = try Directory.open(path) } catch { throw ManifestError.file(error) }
        let differences = try await compare(
            manifest, root: root, ignoringModes: request.ignoresModes, progress: request.progress)
        findings.checkTree(differences, allowsExcluded: request.allowsExcluded)
    }

    /// Compares the files that were chosen by hand.
    ///
    /// - Returns: how many they are, in words for the first line.
    private func checkChosenFiles(_ manifest: Manifest, _ findings: inout Findings) -> String {
        var looked: Set<[UInt8]> = []
        for chosen in request.chosenFiles {
            let subject = printable(chosen.file)
            switch entry(of: chosen, in: manifest) {
            case .found(let entry):
                let modes: ModeRule = request.ignoresModes ? .ignore : manifest.header.modes
                findings.checkChosen(chosen, against: entry, modes: modes)
                if entry.kind.type == .file { looked.insert(entry.path) }
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
        return "\(looked.count) of \(grouped(manifest.totals.files)) files looked at"
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
