import ArgumentParser
import CloseoutCommandLine
import CloseoutEncodings
import CloseoutFiles
import CloseoutRecords

/// The key of route tags and commitments, and the file of what opens them (docs/redaction.md).
struct RouteKeyOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The key of route tags and commitments, as `redaction keygen` makes one.",
            valueName: "file"),
        completion: .file(), transform: pathArgument)
    var routeKey: [UInt8]?

    @Option(
        help: ArgumentHelp(
            "With --route-key: the file to which is added what opens the commitments.",
            valueName: "file"),
        completion: .file(), transform: pathArgument)
    var disclosures: [UInt8]?

    func validate() throws {
        guard (routeKey == nil) == (disclosures == nil) else {
            throw ValidationError("--route-key and --disclosures need each other")
        }
    }

    /// Reads the key, and looks at the file of disclosures before anything is sent; nil where none was given.
    ///
    /// - Parameter allowingReadable: Whether files that others may read are taken.
    /// - Returns: The key; nil where none was given.
    /// - Throws: `CommandFailure` for what is no key or no such file, what others may read, and for a place where none
    ///   can be, `FileError`.
    func key(allowingReadable: Bool) throws -> RouteKey? {
        guard let routeKey else { return nil }
        if let disclosures {
            _ = try ReplacedFile(disclosures)
            if (try? fileStatus(disclosures)) != nil {
                let input = try readInput(disclosures, limit: DisclosureFile.longest)
                try CommandFailure.demandPrivate(
                    input, at: disclosures, allowingReadable: allowingReadable)
                _ = try kept(input.bytes)
            }
        }
        let input = try readInput(routeKey, limit: 256)
        try CommandFailure.demandPrivate(
            input, at: routeKey, allowingReadable: allowingReadable)
        guard let key = try RouteKey(parsing: input.bytes) else {
            throw CommandFailure(
                .malformed, "\(printable(routeKey)) is no route key",
                hint: "`closeout redaction keygen` makes one")
        }
        return key
    }

    /// Adds to the file of disclosures, which only its owner may read.
    ///
    /// - Throws: `CommandFailure` for a file of something else, `FileError`.
    func keep(_ more: [Disclosure]) throws {
        let parts = disclosures.map { Path.split($0) }
        guard !more.isEmpty, let parts, let name = parts.name else { return }
        let folder = try Directory.open(parts.directory)
        var file = DisclosureFile()
        if try folder.statusIfThere(of: name) == nil {
            try folder.create(name, permissions: 0o600).sync()
        } else {
            file = try kept(try folder.read(name, limit: DisclosureFile.longest))
        }
        file.add(more)
        try folder.replaceContents(of: name, with: file.bytes)
    }

    /// What was kept before.
    private func kept(_ bytes: [UInt8]) throws -> DisclosureFile {
        do throws(DisclosureFile.Malformed) {
            return try DisclosureFile(parsing: bytes)
        } catch {
            throw CommandFailure(.malformed, "\(printable(disclosures ?? [])): \(error)")
        }
    }
}
