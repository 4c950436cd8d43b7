import CloseoutBundles
import CloseoutEncodings
import CloseoutOpenSSL
import CloseoutSignatures

/// What the checkpoints of a bundle prove of the time of its files (docs/trust-policy.md, "Time").
struct CommittedTimes {
    private var proofs: [(size: Int, proof: TimeProof)] = []
    /// What proves the time of the first entries of a log, by how many those are, ascending.
    private var steps: [(size: Int, proofs: [TimeProof])] = []
    /// What the proofs that are themselves in the log say of when it was that long.
    private(set) var proven: [ProvenTime] = []

    /// A checkpoint proves something of the entries that it commits.
    mutating func add(_ proofs: [TimeProof], ofFirst size: Int) {
        for proof in proofs { self.proofs.append((size, proof)) }
    }

    /// A proof that lies in the log says when that entry was there at the earliest.
    mutating func add(_ proofs: [TimeProof], storedAt entry: LogEntry) {
        proven += proofs.map { ProvenTime(sequence: entry.sequence, instant: $0.earliest) }
    }

    /// A proof beside the log is younger than all of it.
    mutating func add(_ proofs: [TimeProof], behind log: BundleLog) {
        proven += proofs.map { ProvenTime(sequence: log.size, instant: $0.earliest) }
    }

    /// Ends the adding: from here on proofs are looked up.
    mutating func settle() {
        var earliest: [TimeProof] = []
        steps = []
        let order = proofs.enumerated().sorted {
            ($1.element.size, $0.offset) < ($0.element.size, $1.offset)
        }
        for (_, item) in order {
            earliest.includeEarliest(item.proof)
            if steps.last?.size == item.size { steps.removeLast() }
            steps.append((item.size, earliest))
        }
        steps.reverse()
    }

    /// What proves the time of one entry: of each operator the earliest.
    func proofs(of entry: LogEntry) -> [TimeProof] {
        var (low, high) = (0, steps.count)
        while low < high {
            let middle = (low + high) / 2
            if entry.sequence < steps[middle].size { high = middle } else { low = middle + 1 }
        }
        return low < steps.count ? steps[low].proofs : []
    }
}
