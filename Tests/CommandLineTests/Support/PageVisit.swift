import CloseoutEncodings
import CloseoutTestSupport
import Testing

/// A browser for pages that recompute their report.
enum PageBrowser: String, CaseIterable {
    case chromium
    case firefox

    /// The program.
    var program: String {
        switch self {
        case .chromium:
            isInstalled("chromium-headless-shell") ? "chromium-headless-shell" : "chromium"
        case .firefox: "firefox-esr"
        }
    }
}

/// What a person does on a page.
enum PageStep {
    /// Drops a file or folder of the scene.
    case drop(String)
    /// Drops a folder, and writes to a file of it once it is being read.
    case dropChanging(String, file: String)
    /// Chooses a folder.
    case folder(String)
    /// Chooses a policy, and the key files that it names.
    case policy([String])
    /// Opens a page whose signature the browser makes, and chooses a policy with the key.
    case sign(algorithm: String)
}

/// What a page said: after it was loaded, and after each step.
struct PageVisit {
    /// One state of the page.
    struct State {
        /// The sentence that sums it up.
        let outcome: String
        /// `pass`, `fail` or `unknown`.
        let style: String
        /// What is said last of the work.
        let status: String
        /// Where the keys are from.
        let keys: String
        /// All words of the page.
        let text: String
        /// What was recomputed.
        let values: [Row]
        /// Each file with a difference.
        let files: [Row]

        init(_ json: JSON) throws {
            func text(_ key: String) throws -> String { try #require(json[key]?.text, "\(key)") }
            outcome = try text("outcome")
            style = String(try text("style").split(separator: " ").last ?? "")
            status = try text("status")
            keys = try text("keys")
            self.text = try text("text")
            values = try Row.all(json["values"])
            files = try Row.all(json["files"])
        }

        /// The rows of the values of one kind, but for those that are facts.
        func values(_ kind: String) -> [Row] { values.filter { $0.kind == kind } }
    }

    /// One row of a table.
    struct Row: Equatable {
        let check: String
        let kind: String
        let subject: String
        let words: String

        static func all(_ json: JSON?) throws -> [Row] {
            try (json?.elements ?? []).map { row in
                let cells = (row.elements ?? []).compactMap(\.text)
                try #require(cells.count == 4)
                return Row(check: cells[0], kind: cells[1], subject: cells[2], words: cells[3])
            }
        }

        /// The check with its kind and subject, for comparing.
        var line: String { "\(check) \(kind) \(subject)" }
    }

    let states: [State]
    /// The addresses that were asked for, and what the browser complained of.
    let requests: [String]
    let complaints: [String]
    /// By how many MB the browser's processes grew.
    let grown: Int64

    /// The browser said nothing.
    struct Silent: Error {}

    /// The last state.
    var last: State {
        get throws { try #require(states.last) }
    }
}

extension Scene {
    /// Writes the page of `p-1.closeout`.
    func makePage(_ options: String = "--trust trust.json --artifacts dist") async throws {
        try await shellDone(
            "closeout report p-1.closeout --self-verifying -o page.html --quiet \(options)")
    }

    /// Opens a page from file:// in a browser, and takes the steps.
    ///
    /// It must complain of nothing, and ask for nothing but itself and its worker.
    func visit(
        _ steps: [PageStep] = [], page: String = "page.html", in browser: PageBrowser = .chromium
    ) async throws -> PageVisit {
        func place(_ name: String) -> JSON { JSON(path + "/" + name) }
        let asked = steps.map { step -> JSON in
            switch step {
            case .drop(let name): ["drop": [place(name)]]
            case .dropChanging(let name, let file): ["change": place(file), "drop": [place(name)]]
            case .folder(let name): ["folder": place(name)]
            case .sign(let algorithm): ["sign": JSON(algorithm)]
            case .policy(let names): ["policy": .array(names.map(place))]
            }
        }
        let input: JSON = [
            "page": place(page), "program": JSON(browser.program), "steps": .array(asked),
        ]
        let said = try JSON(
            parsing: try await runSuccessfully(
                pythonTool, [repositoryRoot + "/Tests/CommandLineTests/Pages/page.py"],
                stdin: input.canonicalBytes))
        guard case .integer(let grown) = said["grown"] else {
            throw PageVisit.Silent()
        }
        let visit = PageVisit(
            states: try (said["said"]?.elements ?? []).map { try PageVisit.State($0) },
            requests: (said["requests"]?.elements ?? []).compactMap(\.text),
            complaints: (said["complaints"]?.elements ?? []).compactMap(\.text),
            grown: grown)
        #expect(visit.states.count == steps.count + 1)
        #expect(visit.complaints == [])
        for address in visit.requests {
            let isOwn =
                ["file://\(path)/\(page)", "file://\(path)/signed.html"].contains(address)
                || address.hasPrefix("blob:null/")
            #expect(isOwn, "\(address)")
        }
        return visit
    }
}
