import CloseoutEncodings

extension Record {
    /// What the record says in a few words, with everything untrusted escaped.
    package var summary: String {
        switch body {
        case .archiveSignature(let body): "a \(shown(body.format)) signature"
        case .attachment(let body): "names \(shown(body.name)), \(shown(body.mediaType))"
        case .readiness(let body): readinessWords(body)
        case .retentionRequest(let body):
            "class \(shown(body.retentionClass)), "
                + (body.until.map { "until \($0)" }
                    ?? "no end before \(body.basis.map { shown($0.event) } ?? "")")
        case .retentionDecision(let body): body.decision.rawValue
        case .legalHold(.place(let body)): "holds for \(shown(body.matter))"
        case .legalHold(.release(let body)): "no longer holds for \(shown(body.matter))"
        case .riskAcceptance(.accept(let body)):
            "accepts \(shown(body.finding)) until \(body.expires), owner \(shown(body.owner))"
        case .riskAcceptance(.revoke): "revokes an acceptance"
        case .delivery(let body):
            "\(shown(body.delivery)) over \(shown(body.route)): \(body.state.rawValue)"
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

    private func shown(_ text: String) -> String { printable(Array(text.utf8)) }
}
