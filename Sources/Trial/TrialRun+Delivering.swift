import CloseoutSignatures
package import CloseoutWorkflows

extension TrialRun {
    /// The steps that are about deliveries.
    package static let delivering = 7...8

    /// The bundle of a trial, in its folder.
    package static var bundle: String { TrialNames.bundle }

    /// What every command of a trial finds in its environment.
    package static var environment: [(String, String)] { TrialNames.environment }

    /// Leaves the steps about deliveries to whoever makes them in earnest.
    ///
    /// What stays is the word that no alert about retention is called for, and a key for the desk that plans
    /// retries: whoever reviews one is of another team.
    ///
    /// - Returns: The commands, as the lines of a step.
    /// - Throws: `WorkflowError`, as `next`; `refused` where the trial is not before these steps.
    package mutating func leaveDeliveries() async throws(WorkflowError) -> [String] {
        guard reached == Self.delivering.lowerBound - 1 else {
            throw .refused(.usage, "the trial is at step \(reached), and not before its deliveries")
        }
        let actions: [TrialAction] = [
            .keyPair("keys/desk"), .trust("keys/desk", of: "delivery-desk", .delivery),
        ]
        let alert = scenario.story.deliveryStep.actions.prefix(1)
        do {
            var lines: [String] = []
            for action in actions + alert { lines += try await take(action) }
            state.steps = Self.delivering.upperBound
            try save()
            return lines
        } catch {
            throw WorkflowError(error)
        }
    }
}
