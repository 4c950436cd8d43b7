import CloseoutBundles
import CloseoutEncodings
import CloseoutFiles
import CloseoutManifests

extension Verifier {
    /// Reads the manifest, now that all that is small has been looked at.
    func checkManifest(
        in bundle: BundleReader, _ contents: BundleContents, _ seal: Seal?,
        _ readings: inout [[UInt8]: FileReading], _ findings: inout Findings
    ) async throws -> Manifest? {
        let (entry, sumsEntry) = (contents.log.first(.manifest), contents.log.first(.sums))
        let kept = readings[BundleLayout.manifest].flatMap { $0.bytes == nil ? nil : $0 }
        let manifest = try kept ?? bundle.readManifest(entry)
        let sums = try readings[BundleLayout.sums] ?? bundle.hashSums(sumsEntry)
        readings[BundleLayout.manifest] = manifest
        readings[BundleLayout.sums] = sums
        return try await findings.checkManifest(
            manifest, entry: entry, sums: sums, sumsEntry: sumsEntry, seal)
    }

    /// Compares what was shipped: the bundle's own artifacts always, and those that were given.
    ///
    /// - Returns: what was not looked at, in words for the first line.
    func checkArtifacts(
        in bundle: BundleReader, _ contents: BundleContents, _ manifest: Manifest?,
        _ findings: inout Findings
    ) async throws -> [String] {
        guard let manifest else {
            findings.unknown(
                .artifactGiven, "artifacts", "there is no manifest to compare them with")
            return []
        }
        var trees: [ArtifactTree] = contents.holdsArtifacts ? [.own(bundle)] : []
        if case .directory(let path) = request.artifacts { trees.append(.folder(path)) }
        try await compare(trees, manifest, &findings)
        if !request.chosenFiles.isEmpty {
            let looked = checkChosenFiles(manifest, &findings)
            findings.leaveOut(family: "artifact", "artifacts", "only chosen files were looked at")
            return trees.isEmpty ? [looked] : []
        }
        guard trees.isEmpty else {
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

    /// Shipped files that are to be compared.
    private enum ArtifactTree {
        /// Those that the bundle carries.
        case own(BundleReader)
        /// Those in a folder that was given.
        case folder([UInt8])

        var path: [UInt8] {
            switch self {
            case .own(let bundle): bundle.artifactsPath
            case .folder(let path): path
            }
        }
    }

    /// Compares trees of shipped files, and concludes about all of them together.
    private func compare(
        _ trees: [ArtifactTree], _ manifest: Manifest, _ findings: inout Findings
    ) async throws {
        for tree in trees {
            do {
                findings.checkTree(
                    try await differences(tree, manifest), allowsExcluded: request.allowsExcluded)
            } catch ManifestError.file(let error) {
                guard case .own = tree else { throw ManifestError.file(error) }
                findings.unknown(.artifactUnreadable, printable(tree.path), error.problem)
                return
            }
        }
        guard !trees.isEmpty else { return }
        let subject = trees.map { printable($0.path) }.joined(separator: " and ")
        findings.conclude(.artifactGiven, subject, "were compared")
        findings.concludeTree(manifest, ignoringModes: request.ignoresModes)
    }

    private func differences(
        _ tree: ArtifactTree, _ manifest: Manifest
    ) async throws -> [ArtifactDifference] {
        if case .own(let bundle) = tree, let packed = bundle.packedArtifacts {
            return try CloseoutManifests.compare(
                manifest, with: packed, ignoringModes: request.ignoresModes,
                progress: request.progress)
        }
        let root: Directory
        do { root = try Directory.open(tree.path) } catch { throw ManifestError.file(error) }
        return try await CloseoutManifests.compare(
            manifest, root: root, ignoringModes: request.ignoresModes, progress: request.progress)
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
                findings.fail(
                    .artifactUnexpected, printable(chosen.path ?? chosen.file),
                    "is not in the manifest")
            case .ambiguous:
                findings.unknown(
                    .artifactGiven, subject, "has the name of several entries of the manifest",
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
