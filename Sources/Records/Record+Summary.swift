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
                + (body.details.map { words(of: body, $0) } ?? "")
        case .retryPlan(let body):
            "plans \(body.entries.count) deliveries"
                + (body.isScheduled ? ", by a schedule that can be computed again" : "")
        case .retryRun(let body):
            "\(body.mode == .dryRun ? "dry run" : "live run") of \(body.results.count) deliveries"
                + (body.isDetailed && body.mode == .dryRun ? ", not resolved, nothing opened" : "")
        case .retryReview(let body): body.decision.rawValue
        case .decision(let body): body.outcome.rawValue
        case .closeoutSummary(let body): body.state.rawValue
        case .retentionHealth(let body): body.level.rawValue
        case .artifactBundle(let body): "\(body.entries.count) files"
        }
    }

    /// What version 2 tells of a delivery.
    private func words(of body: DeliveryRecord, _ details: DeliveryRecord.Details) -> String {
        var words: [String] = [body.provider]
        let attempts = body.attempts.compactMap(\.details)
        if let last = attempts.last {
            let snoozes = attempts.count(where: \.isSnooze)
            words.append(
                "\(attempts.count) attempt\(attempts.count == 1 ? "" : "s") in group \(last.group)"
                    + (snoozes > 0 ? " (\(snoozes) put off)" : ""))
            words.append("last \(last.code.text)")
        }
        if let reason = body.reason { words.append(reason) }
        if let size = details.bodySize { words.append("\(size) bytes") }
        if let tag = details.routeTag { words.append("tag \(Hex.string(tag.tag).prefix(12))") }
        if !details.allowed.isEmpty {
            words.append("allowed " + details.allowed.joined(separator: " "))
        }
        if !details.redactions.isEmpty {
            words.append(
                "without " + details.redactions.map(\.field.text).joined(separator: " "))
        }
        return ", " + words.joined(separator: ", ")
    }

    private func readinessWords(_ body: Readiness) -> String {
        let linked = Set(header.links.map(\.kind)).sorted()
        let asserted = Set(body.references.map(\.evidence.rawValue)).sorted()
        return (linked + asserted.map { "\($0) (only referred to)" }).joined(separator: ", ")
    }
}
