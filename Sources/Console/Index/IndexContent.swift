import CloseoutEncodings
import CloseoutIndex
import CloseoutRecords
import CloseoutVerification

/// What the pages about several bundles have between head and foot.
struct IndexContent {
    /// How many rows a page has.
    static let rows = 100

    let index: BundleIndex
    let state: Indexer.State
    let query: FormFields
    /// The instant from which days are counted.
    let now: Instant

    /// The content of a page.
    ///
    /// - Throws: `IndexError` where the index cannot be read.
    func blocks(of place: IndexPlace) throws(IndexError) -> [PageBlock] {
        switch place {
        case .bundles: try bundles
        case .shipped: try shipped
        case .register: try register
        }
    }

    private var asked: IndexFields { IndexFields(query) }
    private var pageNumber: Int { (query.number("page") ?? 1) - 1 }

    private var bundles: [PageBlock] {
        get throws(IndexError) {
            let asked = asked
            let page = try index.bundles(asked.bundles(now), page: pageNumber, rows: Self.rows)
            var table = PageTable(
                caption("Bundles", page), "Release", "Verdict", "Kept", "Bundle")
            for bundle in page.items {
                table.add(
                    lead(bundle), bundle.verdictPieces, bundle.retentionPieces,
                    placePieces(bundle))
            }
            let standings: [TemplateValues] = BundleQuery.Standing.allCases.map {
                ["name": $0.rawValue, "title": $0.words, "isChosen": $0 == asked.standing]
            }
            return [
                .title(IndexPlace.bundles.title),
                .template(
                    "find",
                    [
                        "release": printable(asked.release), "key": printable(asked.key),
                        "days": asked.days.map(String.init) ?? "", "isHeld": asked.isHeld,
                        "standings": standings,
                    ]),
                .section(id: "bundles", "What there is", try notes, [table]),
            ] + pager(page, IndexPlace.bundles, asked.address)
        }
    }

    private var shipped: [PageBlock] {
        get throws(IndexError) {
            let given = query["digest"] ?? []
            let form = PageBlock.template("shipped", ["digest": printable(given)])
            let title = PageBlock.title(IndexPlace.shipped.title)
            guard !given.isEmpty else {
                return [
                    title, form,
                    .section(
                        id: "how", "What is searched",
                        [
                            [
                                .text(
                                    "The files that the manifests list, the files that are attached as "
                                        + "evidence, and the ids of the bundles.")
                            ]
                        ] + (try notes)),
                ]
            }
            let digits = DigestInput.digits(given)
            guard let page = try index.hits(ofDigest: digits, page: pageNumber, rows: Self.rows)
            else {
                return [
                    title, form,
                    .section(
                        id: "found", "No digest",
                        [
                            [
                                .text(
                                    "This is no SHA-256: it has 64 hexadecimal digits, of which the "
                                        + "first 8 are enough.")
                            ]
                        ]),
                ]
            }
            var table = PageTable(
                caption("Places", page), "Path", "What it is", "Release", "Verdict of the bundle",
                "SHA-256", "Bundle")
            for hit in page.items {
                table.add(
                    [.code(printable(hit.path))], [.text(hit.role.words)], lead(hit.bundle),
                    hit.bundle.verdictPieces, [.code(hit.digest.hex)], placePieces(hit.bundle))
            }
            let counts = try index.counts()
            var answer: [Piece] = [
                page.total == 0
                    ? .text("No bundle that was looked at has it.")
                    : .text("Found in \(counted(page.total, "place")).")
            ]
            if counts.gaps > 0 || !state.isComplete {
                answer.append(
                    .text(
                        " Not all bundles could be searched: \(grouped(counts.running)) being recomputed, "
                            + "\(grouped(counts.unreadable + counts.withoutFiles)) without a list that can be read."
                    ))
            }
            return [
                title, form,
                .section(id: "found", "Where it is", [answer] + (try notes), [table]),
            ]
                + pager(
                    page, IndexPlace.shipped, "digest=\(queryEncoded(given))&")
        }
    }

    private var register: [PageBlock] {
        get throws(IndexError) {
            let asked = asked
            let page = try index.acceptances(
                asked.acceptances(now), page: pageNumber, rows: Self.rows)
            var table = PageTable(
                caption("Accepted risks in the order of their ends", page), "Finding", "State",
                "Owner and approver", "Reason", "Release")
            for item in page.items {
                let isEnding = item.status == .accepted && item.expires <= asked.limit(now)
                table.add(
                    [
                        .link(
                            item.finding,
                            to: "\(item.bundle.address)record?digest=\(item.record.hex)")
                    ],
                    [
                        .status(
                            isEnding ? "ends soon" : item.status.registerWords,
                            style: isEnding ? "unknown" : item.status.styleClass),
                        .note("until \(item.expires)"),
                    ], [.text(item.owner), .note("approved by \(item.approver)")],
                    [.text(item.reason)],
                    lead(item.bundle) + item.bundle.verdictPieces.prefix(1))
            }
            let states: [TemplateValues] = IndexFields.Register.allCases.map {
                ["name": $0.rawValue, "title": $0.words, "isChosen": $0 == asked.register]
            }
            return [
                .title(IndexPlace.register.title),
                .template(
                    "register", ["states": states, "days": "\(asked.days ?? IndexFields.soon)"]),
                .section(id: "risks", "Accepted risks of all bundles", try notes, [table]),
            ] + pager(page, IndexPlace.register, asked.address)
        }
    }

    private func caption<Item>(_ name: String, _ page: IndexPage<Item>) -> String {
        guard page.total > 0 else { return name }
        let first = page.page * Self.rows
        return
            "\(name) \(grouped(first + 1)) to \(grouped(first + page.items.count)) of \(grouped(page.total))"
    }

    private func pager<Item>(
        _ page: IndexPage<Item>, _ place: IndexPlace, _ address: String
    ) -> [PageBlock] {
        guard page.pages > 1 else { return [] }
        return [
            .template(
                "pager",
                Pager(page: page.page, pages: page.pages).values("\(place.rawValue)?\(address)"))
        ]
    }

    private func lead(_ bundle: IndexedBundle) -> [Piece] {
        [.link(bundle.release ?? "no seal that can be read", to: bundle.address)]
            + (bundle.created.map { [.note("sealed \($0)")] } ?? [])
    }

    private func placePieces(_ bundle: IndexedBundle) -> [Piece] {
        [.code(printable(bundle.path))]
            + (bundle.copies > 1
                ? [.note("\(grouped(bundle.copies)) bundles here have this seal")] : [])
    }

    /// What there is to know before the rows.
    private var notes: [[Piece]] {
        get throws(IndexError) {
            let counts = try index.counts()
            var lines: [[Piece]] = [
                [
                    .text(
                        "\(counted(counts.all, "bundle")), \(grouped(counts.running)) being recomputed, "
                            + "\(grouped(counts.unreadable)) that cannot be read. Each was verified without "
                            + "its shipped files, which were not looked at; opening a bundle verifies it again."
                    )
                ]
            ]
            if let fault = state.fault {
                lines.append([
                    .status("The index is not complete", style: "fail"), .text(": \(fault)"),
                ])
                lines.append([.note(fault.hint)])
            }
            guard let search = state.search else {
                return lines + [[.text("The folders are being looked at.")]]
            }
            if search.isCut {
                lines.append([
                    .status("There is more than an index takes", style: "fail"),
                    .text(
                        ": \(grouped(BundleSearch.mostBundles)) bundles at the most; the rest is not listed."
                    ),
                ])
            }
            if search.links > 0 {
                lines.append([.text("\(counted(search.links, "link")) not followed.")])
            }
            for fault in search.faults.prefix(10) {
                lines.append([.status("not looked at", style: "fail"), .text(" \(fault)")])
            }
            if search.faults.count > 10 {
                lines.append([.text("And \(grouped(search.faults.count - 10)) more.")])
            }
            return lines
        }
    }
}

extension IndexCounts {
    /// How many bundles cannot be searched for files.
    var gaps: Int { running + unreadable + withoutFiles }
}

extension IndexedBundle {
    /// Where the pages about it are.
    var address: String { "\(IndexPages.prefix)\(id)/" }

    /// The verdict with its reason, or why there is none.
    var verdictPieces: [Piece] {
        if let verdict {
            let outcome = outcome.map { [Piece.note("now \($0)")] } ?? []
            return [.status(verdict.rawValue, style: verdict.styleClass)]
                + (line.map { [.note($0)] } ?? [])
                + (integrity.flatMap {
                    $0 == verdict ? nil : [.note("without its decisions: \($0.rawValue)")]
                }
                    ?? []) + outcome
                + (asOf.map { [.note("as of \($0)")] } ?? [])
        }
        if let reason {
            return [.status("cannot be read", style: "fail"), .note(reason)]
                + (hint.map { [.note("What to do: \($0)")] } ?? [])
        }
        return [.status("being recomputed", style: "unknown")]
    }

    /// How long it is kept, and whether it is held.
    var retentionPieces: [Piece] {
        guard verdict != nil else { return [] }
        let kept =
            switch retention {
            case .notApproved: "nothing approved"
            case .open: "until an event"
            case .until(let instant): "until \(instant)"
            }
        return [.text(kept)]
            + (holds > 0
                ? [.text(" "), .status("\(counted(holds, "hold"))", style: "unknown")] : [])
    }
}

extension BundleQuery.Standing {
    /// What a form calls it.
    var words: String {
        switch self {
        case .verified, .failed, .incomplete: rawValue
        case .unreadable: "cannot be read"
        case .running: "being recomputed"
        }
    }
}

extension DigestHit.Role {
    /// What a page calls it.
    var words: String {
        switch self {
        case .shipped: "shipped"
        case .attached: "attached as evidence, not shipped"
        case .seal: "the seal: this is the bundle's id"
        }
    }
}

extension AcceptanceState.Status {
    /// What the register calls it.
    var registerWords: String {
        switch self {
        case .accepted: "active"
        case .proposed: "proposed"
        case .expired: "expired"
        case .revoked: "revoked"
        }
    }

    /// The class of the style sheet that repeats it.
    var styleClass: String {
        switch self {
        case .accepted: "accepted"
        case .proposed: "unknown"
        case .expired: "fail"
        case .revoked: "not_applicable"
        }
    }
}
