import CloseoutVerification

/// The outcomes of a report, one after the other, as other formats carry it.
struct ReportItems {
    /// The verdict, findings, and what is decided.
    let all: [ReportItem]
    /// How many findings are left out because there are too many.
    let leftOut: Int

    /// How many are left out, in a sentence.
    static func words(leftOut: Int) -> String {
        "\(grouped(leftOut)) more \(leftOut == 1 ? "finding is" : "findings are") left out here; "
            + "the report as text or JSON has all."
    }

    /// What is rendered of all but the verdict, in their order, as far as it fits into so many
    /// bytes;
    /// the items of the last turns do not.
    ///
    /// - Parameters:
    ///   - bytes: How many bytes there may be.
    ///   - render: What an item becomes, and its bytes; nil where nothing does.
    /// - Returns: What was rendered, and how many items are left out altogether.
    func rendered<Part>(
        within bytes: Int, _ render: (ReportItem) -> (part: Part, bytes: Int)?
    ) -> (parts: [Part], leftOut: Int) {
        let inTurn = all.indices.dropFirst().sorted {
            (all[$0].turn ?? -1, $0) < (all[$1].turn ?? -1, $1)
        }
        var parts: [(place: Int, part: Part)] = []
        var used = 0
        var left = leftOut
        for (count, place) in inTurn.enumerated() {
            guard let rendered = render(all[place]) else { continue }
            used += rendered.bytes
            if used > bytes, all[place].turn != nil {
                left += inTurn.count - count
                break
            }
            parts.append((place, rendered.part))
        }
        return (parts.sorted { $0.place < $1.place }.map(\.part), left)
    }
}

/// Which findings are reported where there are too many: of each check in turn, the gravest first.
struct ReportedFindings {
    /// Their places, ascending, each with the turn in which it comes.
    let places: [(place: Int, turn: Int)]
    /// How many others there are.
    let leftOut: Int

    init(_ findings: [Finding], _ isReported: (Finding) -> Bool, limit: Int) {
        var checks: [[Int]] = []
        var start = 0
        while start < findings.count {
            let id = findings[start].id
            let end = findings[start...].firstIndex { $0.id != id } ?? findings.count
            let places = (start..<end).filter { isReported(findings[$0]) }
            checks.append((0...2).flatMap { rank in places.filter { findings[$0].rank == rank } })
            start = end
        }
        let count = checks.map(\.count).reduce(0, +)
        var reported: [(place: Int, turn: Int)] = []
        var turn = 0
        while reported.count < min(limit, count) {
            checks.removeAll { $0.count <= turn }
            for places in checks.prefix(limit - reported.count) {
                reported.append((places[turn], turn))
            }
            turn += 1
        }
        places = reported.sorted { $0.place < $1.place }
        leftOut = count - reported.count
    }
}

extension Finding {
    /// How grave it is, from 0.
    fileprivate var rank: Int {
        guard isRequired else { return 2 }
        switch status {
        case .fail: return 0
        case .unknown: return 1
        case .pass, .notApplicable: return 2
        }
    }
}
