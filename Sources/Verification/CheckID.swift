/// Every check that a report can speak of, by its stable id (docs/checks.md).
package enum CheckID: String, CaseIterable, Sendable {
    case trustGiven = "trust.given"
    case trustLocation = "trust.location"
    case trustDigest = "trust.digest"
    case trustVersion = "trust.version"
    case trustExpires = "trust.expires"
    case trustSampleKey = "trust.sample-key"

    case bundleUnlisted = "bundle.unlisted"
    case bundleMissing = "bundle.missing"
    case bundleDigest = "bundle.digest"
    case bundleFileType = "bundle.file-type"
    case bundleLimits = "bundle.limits"
    case bundlePrivateKey = "bundle.private-key"
    case bundleReadme = "bundle.readme"

    case sealFormat = "seal.format"
    case sealRelease = "seal.release"
    case sealCreated = "seal.created"

    case signatureFormat = "signature.format"
    case signatureSubject = "signature.subject"
    case signatureValid = "signature.valid"
    case signatureKeyKnown = "signature.key-known"
    case signatureKeyWindow = "signature.key-window"
    case signatureKeyRevoked = "signature.key-revoked"
    case signatureKeyStrength = "signature.key-strength"
    case signatureLimits = "signature.limits"
    case signatureThreshold = "signature.threshold"

    case certificateFormat = "certificate.format"
    case certificateChain = "certificate.chain"
    case certificatePurpose = "certificate.purpose"
    case certificateRevocation = "certificate.revocation"

    case sigstoreForm = "sigstore.form"
    case sigstoreContent = "sigstore.content"
    case sigstoreLeaf = "sigstore.leaf"
    case sigstoreTimes = "sigstore.times"
    case sigstoreChain = "sigstore.chain"
    case sigstoreSCT = "sigstore.sct"
    case sigstoreProfile = "sigstore.profile"
    case sigstoreIdentity = "sigstore.identity"
    case sigstoreLog = "sigstore.log"
    case sigstoreBinding = "sigstore.binding"
    case sigstoreSignature = "sigstore.signature"
    case sigstoreAsOf = "sigstore.as-of"

    case timestampFormat = "timestamp.format"
    case timestampValid = "timestamp.valid"
    case timestampAnchorKnown = "timestamp.anchor-known"
    case timestampStale = "timestamp.stale"

    case logFormat = "log.format"
    case logSequence = "log.sequence"
    case logHead = "log.head"
    case logDuplicate = "log.duplicate"
    case logCheckpoint = "log.checkpoint"
    case logCheckpointSignature = "log.checkpoint-signature"
    case logRoot = "log.root"
    case logUncommitted = "log.uncommitted"
    case logRollback = "log.rollback"

    case recordFormat = "record.format"
    case recordRelease = "record.release"
    case recordSeal = "record.seal"
    case recordLink = "record.link"
    case recordAt = "record.at"
    case recordSignature = "record.signature"
    case recordAsserted = "record.asserted"
    case recordRole = "record.role"
    case recordOperator = "record.operator"
    case recordSupersedes = "record.supersedes"
    case recordWithheld = "record.withheld"

    case retentionShortened = "retention.shortened"

    case deliverySchedule = "delivery.schedule"
    case deliveryReview = "delivery.review"

    case manifestDigest = "manifest.digest"
    case manifestFormat = "manifest.format"
    case manifestOrder = "manifest.order"
    case manifestPath = "manifest.path"
    case manifestParent = "manifest.parent"
    case manifestLinkEscape = "manifest.link-escape"
    case manifestNotEmpty = "manifest.not-empty"
    case manifestTotals = "manifest.totals"
    case manifestMerkleRoot = "manifest.merkle-root"
    case manifestSums = "manifest.sums"

    case artifactGiven = "artifact.given"
    case artifactName = "artifact.name"
    case artifactMissing = "artifact.missing"
    case artifactUnexpected = "artifact.unexpected"
    case artifactType = "artifact.type"
    case artifactSize = "artifact.size"
    case artifactDigest = "artifact.digest"
    case artifactMode = "artifact.mode"
    case artifactLinkTarget = "artifact.link-target"
    case artifactExcluded = "artifact.excluded"
    case artifactUnreadable = "artifact.unreadable"
    case artifactUnstable = "artifact.unstable"

    case criteriaGiven = "criteria.given"
    case criteriaPinned = "criteria.pinned"

    case decisionPrefix = "decision.prefix"
    case decisionAsOf = "decision.as-of"
    case decisionComputed = "decision.computed"
    case decisionRecomputed = "decision.recomputed"
    case decisionRequired = "decision.required"

    /// Whether it is made of recorded decisions, after all others and apart from the integrity.
    package var isAboutDecisions: Bool {
        switch self {
        case .criteriaGiven, .criteriaPinned, .decisionPrefix, .decisionAsOf, .decisionComputed,
            .decisionRecomputed, .decisionRequired:
            true
        default: false
        }
    }
}
