import CloseoutBundles
import CloseoutEncodings
import CloseoutFiles
import CloseoutTrial
import CloseoutWorkflows
import HTTPTypes

extension Pages {
    /// A page of the sandbox.
    func tried(
        _ sandbox: Sandbox, _ place: Place, _ query: FormFields, _ view: BundleView
    ) -> Answer {
        let played = sandbox.played
        let pages = SandboxPages(played: played)
        guard place == .tour else {
            return answer(place, view, pages.sandbox(choosing: query.text("scenario")))
        }
        let list = Path.join(played.folder, Array("checklist.md".utf8))
        return answer(place, view, pages.tour(try? readFile(list, limit: 1 << 20)))
    }

    /// Does what a form of the sandbox asks for.
    func trying(_ path: String, _ body: SentBody) async -> Answer {
        guard let sandbox, let form = FormFields(body.bytes) else { return missing }
        do {
            switch path {
            case "/scenario":
                guard let name = form.text("name"), Scenario.names.contains(name) else {
                    return missing
                }
                try await sandbox.choose(name)
                bundle.show(try sandbox.subject())
                return Answer(seeing: Place.sandbox.rawValue)
            case "/break":
                guard let kind = form.text("way").flatMap(Sandbox.Break.init),
                    let result = await bundle.result()
                else { return missing }
                let view = BundleView(result.bundle, at: result.at, under: "")
                bundle.show(try sandbox.apply(kind, to: bundle.subject, view))
                return Answer(seeing: Place.overview.rawValue)
            case "/answers":
                return Answer(SandboxPages.answers(form), MediaName.bytes).stored(as: "answers.md")
            default: return missing
            }
        } catch {
            let words = (error as? WorkflowError)?.words ?? (printable("\(error)"), "")
            return message(("This cannot be done", words.0, words.1), status: .internalServerError)
        }
    }

    /// The sample bundle with its shipped files, packed.
    func sample() async -> Answer? {
        guard let sandbox else { return nil }
        let folder = sandbox.played.folder
        let name = TemporaryName.make()
        let packed = Path.join(folder, name)
        defer { try? Directory.open(folder).remove(name) }
        do {
            _ = try await packBundle(
                at: bundle.subject.path,
                artifacts: .folder(Path.join(folder, Array("app".utf8))), to: packed)
            return Answer(try readFile(packed, limit: 1 << 28), MediaName.archive)
                .stored(as: "payments-1.4.0.closeout.tar")
        } catch {
            let words = (error as? WorkflowError)?.words ?? (printable("\(error)"), "")
            return message(("This cannot be packed", words.0, words.1), status: .ok)
        }
    }
}
