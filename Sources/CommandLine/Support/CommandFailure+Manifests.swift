import CloseoutEncodings
import CloseoutFiles
import CloseoutManifests
import CloseoutVerification

extension CommandFailure {
    /// The words and the exit code for what could not be frozen or looked at.
    init(manifest error: ManifestError) {
        switch error {
        case .file(let file): self.init(file: file)
        case .refused(let irregularity): self.init(irregular: irregularity)
        case .outsideLink, .specialMode, .collision: self.init(unwanted: error)
        case .sameName, .directoryAmongFiles, .targetInsideRoot: self.init(arguments: error)
        case .noFiles:
            self.init(
                .malformed, "there is no file to freeze",
                hint: "a release has at least one regular file")
        case .tooManyEntries:
            self.init(.malformed, "there are more than \(grouped(Manifest.mostEntries)) entries")
        case .openSSL(let error): self.init(.internal, "\(error)")
        }
    }

    /// What is there and is not sealed unless it is asked for.
    private init(unwanted error: ManifestError) {
        switch error {
        case .outsideLink(let path, let target):
            self.init(
                .malformed,
                "\(printable(path)): its target \(printable(target)) is outside the folder or "
                    + "nowhere",
                hint: "ship what it links to, or take it with --allow-outside-links")
        case .specialMode(let path, let mode):
            self.init(
                .malformed,
                "\(printable(path)) has the mode \(String(mode, radix: 8)), with setuid, setgid or "
                    + "sticky",
                hint: "remove the bit, or record it with --modes exact")
        case .collision(let collision):
            self.init(
                .malformed,
                "\(collision.paths.map { printable($0) }.joined(separator: " and ")) are one name "
                    + "where case or Unicode form does not count",
                hint: "rename one")
        default: self.init(.internal, "\(error)")
        }
    }

    /// What was asked for and cannot be done.
    private init(arguments error: ManifestError) {
        switch error {
        case .sameName(let name):
            self.init(
                .usage, "two files are named \(printable(name))",
                hint: "put them into a folder of their own and freeze that")
        case .directoryAmongFiles(let path):
            self.init(
                .usage, "\(printable(path)) is a folder beside other arguments",
                hint: "freeze one folder, or files only")
        case .targetInsideRoot(let path):
            self.init(
                .cannotCreate,
                "the bundle would lie in \(printable(Path.split(path).directory)), inside the "
                    + "folder that it seals",
                hint: "choose another place with -o")
        default: self.init(.internal, "\(error)")
        }
    }

    private init(irregular: Irregularity) {
        let path = printable(irregular.path)
        switch irregular.kind {
        case .notUTF8:
            self.init(.malformed, "the name \(path) is not UTF-8", hint: "rename the file")
        case .tooLong:
            self.init(.malformed, "\(path) has more than \(Manifest.longestPath) bytes")
        case .special(let kind):
            self.init(
                .malformed, "\(path) is a \(kind.rawValue)",
                hint: "only files, folders and symbolic links can be sealed; remove it, or leave "
                    + "it out with --exclude")
        case .badTarget:
            self.init(
                .malformed, "\(path) is a link whose target is empty, too long or not UTF-8")
        case .unreadable(let cause):
            self.init(.inputOutput, "\(path) cannot be read: \(cause.problem)")
        }
    }
}
