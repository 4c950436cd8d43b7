extension [TimeProof] {
    /// Takes in a proof, and keeps the earliest of each operator: no other ever dates anything.
    ///
    /// So there are never more than the policy has operators, however many proofs a bundle holds.
    package mutating func includeEarliest(_ proof: TimeProof) {
        if let index = firstIndex(where: { $0.operator == proof.operator }) {
            self[index] = [self[index], proof].combined ?? proof
        } else {
            append(proof)
        }
    }
}
