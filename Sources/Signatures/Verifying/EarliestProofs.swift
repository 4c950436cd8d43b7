extension [TimeProof] {
    /// Takes in a proof, and keeps the earliest of each operator: no other ever dates anything.
    ///
    /// So there are never more than the policy has operators, however many proofs a bundle holds.
    package mutating func includeEarliest(_ proof: TimeProof) {
        if let index = firstIndex(where: { $0.operator == proof.operator }) {
            let known = self[index]
            let both = [known, proof].combined ?? proof
            guard (proof.latest, proof.instant) < (known.latest, known.instant) else {
                self[index] = both
                return
            }
            remove(at: index)
            append(both)
        } else {
            append(proof)
        }
    }
}
