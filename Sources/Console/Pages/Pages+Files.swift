import CloseoutBundles
import CloseoutEncodings
import CloseoutFiles
import CloseoutManifests
import CloseoutOpenSSL
import CloseoutRecords
import CloseoutReports
import CloseoutVerification
import CloseoutWorkflows
import HTTPTypes

extension Pages {
    /// The most bytes of an attached file that is sent.
    private static let largestFile = 64 << 20

    /// Something of the bundle that the navigation does not name; nil where there is no such thing.
    func file(_ path: String, _ query: FormFields, _ view: BundleView) async -> Answer? {
        switch path {
        case "/record": record(query, view)
        case "/file": attachment(query, view)
        case "/proof": proof(query, view)
        case "/report": report(query, view)
        case "/public": await publicCopy(view)
        case "/sample": await sample()
        case "/pack":
            PolicyPack.all.first { query.text("name") == $0.name }.map {
                Answer($0.bytes, MediaName.json).stored(as: "\($0.name).json")
            }
        default: nil
        }
    }

    private func digest(_ query: FormFields) -> SHA256Digest? {
        query["digest"].flatMap { SHA256Digest(hex: $0) }
    }

    private func record(_ query: FormFields, _ view: BundleView) -> Answer? {
        guard let record = digest(query).flatMap({ view.report.evidence?.record($0) }) else {
            return nil
        }
        return answer(.records, view, RecordPage(view: view, record: record).blocks)
    }

    private func attachment(_ query: FormFields, _ view: BundleView) -> Answer? {
        guard let digest = digest(query), let file = view.file(digest, .attachment) else {
            return nil
        }
        let bytes =
            file.trueBytes
            ?? (try? view.bundle.inspection.bundle.readAttachment(
                file.entry, limit: Self.largestFile)).flatMap(\.self)
        guard let bytes else {
            return message(
                (
                    "Not sent", "The file is not what the log says, or larger than what is sent.",
                    "The folder of the bundle has it."
                ), status: .notFound)
        }
        let name =
            view.report.evidence?.names.names(of: digest).first.map { Array($0.utf8) }
            ?? file.entry.path.reversed().prefix { $0 != UInt8(ascii: "/") }.reversed()
        return Answer(bytes, MediaName.bytes).stored(as: safeFileName(name))
    }

    private func proof(_ query: FormFields, _ view: BundleView) -> Answer? {
        guard let path = query["path"] else { return nil }
        do {
            guard let proof = try view.proofs.proof(of: path) else { return nil }
            let name = path.reversed().prefix { $0 != UInt8(ascii: "/") }.reversed()
            return Answer(proof.canonicalBytes, MediaName.json)
                .stored(as: safeFileName(name) + ".closeout-proof")
        } catch {
            return failed(WorkflowError(error))
        }
    }

    private func report(_ query: FormFields, _ view: BundleView) -> Answer? {
        guard let format = query.text("format").flatMap(ReportFormat.init) else { return nil }
        do {
            let bytes = try format.render(view.report, version: productVersion)
            return Answer(bytes, MediaName.bytes).stored(as: "report.\(format.fileEnding)")
        } catch {
            return failed(error)
        }
    }

    /// A copy for everyone, packed; it is made in a folder that is removed again.
    private func publicCopy(_ view: BundleView) async -> Answer {
        do {
            let parent = try Directory.open(Machine.environment("TMPDIR") ?? Array("/tmp".utf8))
            let name = TemporaryName.make()
            try parent.makeDirectory(name)
            defer { try? parent.removeTree(name) }
            let place = Path.join(parent.path, name)
            let copy = Path.join(place, Array("copy".utf8))
            let packed = Path.join(place, Array("copy.closeout.tar".utf8))
            _ = try await exportPublic(bundle: bundle.subject.path, to: copy)
            _ = try await packBundle(at: copy, artifacts: .none, to: packed)
            let release = view.report.release?.release
            let title = release.map { "\($0.name)-\($0.version)" } ?? "bundle"
            return Answer(try readFile(packed, limit: 1 << 30), MediaName.archive)
                .stored(as: safeFileName(title.utf8) + "-public.closeout.tar")
        } catch {
            return failed(error)
        }
    }

    private func failed(_ error: any Error) -> Answer {
        guard let error = error as? WorkflowError else {
            return message(
                ("This cannot be made", printable("\(error)"), ""), status: .internalServerError)
        }
        let (text, hint) = error.words
        return message(("This cannot be made", text, hint), status: .unprocessableContent)
    }
}

extension ReportFormat {
    /// How the name of a file of the format ends.
    fileprivate var fileEnding: String {
        switch self {
        case .text: "txt"
        case .markdown: "md"
        case .html: "html"
        case .junit: "xml"
        case .sarif: "sarif"
        case .json, .vsa, .svr, .oscal: "json"
        }
    }
}
