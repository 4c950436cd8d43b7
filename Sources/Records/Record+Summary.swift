import CloseoutEncodings

extension Record {
    /// What the record says in a few words, with everything untrusted escaped.
    package var summary: String {
        switch body {
        case .archiveSignature(let body): "a signature of the format \(printable(body.format))"
        case .attachment(let body): "names \(printable(body.name)), \(printable(body.mediaType))"
        case .readiness(let body): readinessWords(body)
        case .retentionRequest(let body):
            "class \(printable(body.retentionClass)), "
                + (body.until.map { "until \($0)" }
                    ?? "no end before \(body.basis.map { printable($0.event) } ?? "")")
        case .retentionDecision(let body): body.decision.rawValue
        case .legalHold(.place(let body)): "holds for \(printable(body.matter))"
        case .legalHold(.release(let body)): "no longer holds for \(printable(body.matter))"
        case .riskAcceptance(.accept(let body)):
            "accepts \(printable(body.finding)) until \(body.expires), owner \(printable(body.owner))"
        case .riskAcceptance(.revoke): "revokes an acceptance"
        case .delivery(let body):
            "\(printable(body.delivery)) over \(printable(body.route)): \(body.state.rawValue)"
        case .retryPlan(let body): "plans \(body.entries.count) deliveries"
        case .retryRun(let body):
            "\(body.mode == .dryRun ? "dry run" : "live run") of \(body.results.count) deliveries"
        case .retryReview(let body): body.decision.rawValue
        case .decision(let body): body.outcome.rawValue
        case .closeoutSummary(let body): body.state.rawValue
        case .retentionHealth(let body): body.level.rawValue
        case .artifactBundle(let body): "\(body.entries.count) files"
        }
    }

    private func readinessWords(_ body: Readiness) -> String {
        let linked = Set(header.links.map(\.kind)).sorted()
        let asserted = Set(body.references.map(\.evidence.rawValue)).sorted()
        return (linked + asserted.map { "\($0) (only referred to)" }).joined(separator: ", ")
    }
}
