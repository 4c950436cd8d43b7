import CloseoutBundles
import CloseoutEncodings
import CloseoutFiles
import CloseoutManifests
import CloseoutOpenSSL
import CloseoutSignatures

/// The family `bundle`: the files of the bundle are the ones that its log names
/// (docs/bundle.md, "Closed world").
extension Findings {
    mutating func checkBundle(_ contents: BundleContents) async {
        let files = contents.files
        let parts = await inParts(of: files.count) { range in
            files[range].map(\.reading.holdsPrivateKey)
        }
        let withheld = checkWithheld(contents)
        for path in contents.notRegular {
            fail(
                .bundleFileType, printable(path), "is a link or special file and not a regular file"
            )
        }
        for (file, holdsPrivateKey) in zip(files, parts.joined()) {
            guard file.entry.kind != .manifest, file.entry.kind != .sums else { continue }
            if withheld.contains(file.entry.path), case .missing = file.reading { continue }
            checkReading(file.reading, of: file.entry, holdsPrivateKey: holdsPrivateKey)
        }
        for (path, reading) in [
            (BundleLayout.log, contents.logReading),
            (BundleLayout.checkpoint, contents.checkpoint),
            (BundleLayout.checkpointToken, contents.checkpointToken),
            (BundleLayout.withheld, contents.withheld),
        ] {
            checkUnlogged(reading, at: path)
        }
        for file in contents.unlisted { checkUnlisted(file, contents.log) }
        if contents.unlistedCount > contents.unlisted.count {
            let count = grouped(contents.unlisted.count)
            fail(
                .bundleLimits, "bundle",
                "holds \(grouped(contents.unlistedCount)) files that the log does not name, of which "
                    + "the first \(count) alone are looked at")
            leaveUnread("bundle")
        }
        checkTokens(contents)
    }

    /// Compares one logged file with its entry.
    mutating func checkReading(_ reading: FileReading, of entry: LogEntry) {
        checkReading(reading, of: entry, holdsPrivateKey: reading.holdsPrivateKey)
    }

    private mutating func checkReading(
        _ reading: FileReading, of entry: LogEntry, holdsPrivateKey: Bool
    ) {
        let subject = printable(entry.path)
        switch reading {
        case .missing:
            fail(.bundleMissing, subject, "is missing: the log names it")
        case .notRegular:
            checkType(of: subject)
        case .tooLarge(let limit) where limit == entry.size:
            fail(
                .bundleDigest, subject,
                "has more bytes than the \(limit) that the log says, and was not read")
            leaveUnread(subject)
        case .tooLarge(let limit):
            fail(.bundleLimits, subject, "has more than \(limit) bytes")
            leaveUnread(subject)
        case .beyondTotal(let limit):
            let files = entry.kind == .attachment ? "attachments" : "files but attachments"
            fail(
                .bundleLimits, subject,
                "is not read: the \(files) have more than \(limit) bytes together")
            leaveUnread(subject)
        case .unreadable(let error):
            checkAccess(to: subject, error)
        case .unread:
            unknown(.bundleDigest, subject, "was not looked at")
            leaveUnread(subject)
        case .bytes, .hashed:
            if reading.size != entry.size {
                fail(
                    .bundleDigest, subject,
                    "has \(reading.size ?? 0) bytes and the log says \(entry.size)")
            } else if reading.digest != entry.digest {
                fail(.bundleDigest, subject, "has another SHA-256 than the log says")
            }
            if holdsPrivateKey { fail(.bundlePrivateKey, subject, "holds a private key") }
        }
    }

    private mutating func checkUnlogged(_ reading: FileReading, at path: [UInt8]) {
        switch reading {
        case .tooLarge(let limit):
            fail(.bundleLimits, printable(path), "has more than \(limit) bytes")
            leaveUnread(printable(path))
        case .beyondTotal(let limit):
            fail(
                .bundleLimits, printable(path),
                "is not read: the files but attachments have more than \(limit) bytes together")
            leaveUnread(printable(path))
        case .unreadable(let error):
            checkAccess(to: printable(path), error)
        case .notRegular:
            checkType(of: printable(path))
        case .missing, .unread, .bytes, .hashed:
            guard reading.holdsPrivateKey else { return }
            fail(.bundlePrivateKey, printable(path), "holds a private key")
        }
    }

    /// Reports something that has the name of a file and is none, also of a directory.
    private mutating func checkType(of subject: String) {
        guard !isIrregular(subject) else { return }
        fail(.bundleFileType, subject, "has the name of a file and is not a regular file")
    }

    /// Reports that a file could not be read, unless that is because it is none.
    private mutating func checkAccess(to subject: String, _ error: FileError) {
        guard !isIrregular(subject) else { return }
        unknown(.bundleDigest, subject, error.problem, hint: "make it readable, and verify again")
        leaveUnread(subject)
    }

    /// Reports that nobody has looked for a private key in a file.
    private mutating func leaveUnread(_ subject: String) {
        unknown(
            .bundlePrivateKey, subject, "was not read",
            hint: "verify again once the whole file can be read")
    }

    /// Reports a file among the time-stamps that is none: it is not passed over.
    private mutating func checkTokens(_ contents: BundleContents) {
        let known = [MediaType.note.name, MediaType.timestampToken.name]
        for file in contents.files(.timestamp) where !known.contains(file.entry.mediaType) {
            unknown(.timestampFormat, printable(file.entry.path), "is of a type that is not known")
        }
    }

    private mutating func checkUnlisted(_ file: UnlistedFile, _ log: BundleLog) {
        let subject = printable(file.path)
        switch file.holdsPrivateKey {
        case true?: fail(.bundlePrivateKey, subject, "holds a private key")
        case nil where file.kind == .regular: leaveUnread(subject)
        default: break
        }
        guard log.isReadable else {
            unknown(.bundleUnlisted, subject, "is named by no line of the log that can be read")
            return
        }
        if file.path.split(separator: UInt8(ascii: "/")).last?
            .starts(with: BundleLayout.temporaryPrefix) == true
        {
            fail(
                .bundleUnlisted, subject, "is a temporary file that an interrupted command left",
                hint: "run `closeout repair`")
            return
        }
        fail(
            .bundleUnlisted, subject, "is not named by the log",
            hint: file.attachable.map { "it looks like a \($0): run `closeout attach` on it" }
                ?? "run `closeout repair` to move it out of the bundle")
    }

    /// Compares README.txt with every text that a released version gives to bundles of the release:
    /// a person reads it, and the log key alone must not be enough to say there what to do.
    mutating func checkReadme(_ contents: BundleContents, _ release: Release?) {
        let subject = printable(BundleLayout.readme)
        guard let bytes = contents.files(.readme).first?.trueBytes else {
            unknown(.bundleReadme, subject, "is missing, or not the file that the log names")
            return
        }
        guard let release else {
            unknown(.bundleReadme, subject, "there is no seal to say for which release it is")
            return
        }
        guard Readme.isReleased(bytes, for: release) else {
            fail(
                .bundleReadme, subject,
                "is not the text that closeout writes, so anybody may have written what it says",
                hint: "do not follow it; a newer version of Closeout may know this text")
            return
        }
        conclude(.bundleReadme, subject, "is the text that closeout writes for this release")
    }

    /// Ends the family when all files, also the large ones, have been read.
    mutating func concludeBundle(_ contents: BundleContents) {
        let count = contents.files.count
        let subject = "bundle"
        conclude(.bundleUnlisted, subject, "every file is named by the log")
        conclude(.bundleMissing, subject, "all \(count) logged files are there")
        if count > 0 {
            conclude(.bundleDigest, subject, "all \(count) logged files are unchanged")
        }
        conclude(.bundleFileType, subject, "holds regular files only")
        conclude(.bundleLimits, subject, "stays within all limits")
        conclude(.bundlePrivateKey, subject, "holds no private key")
    }
}
