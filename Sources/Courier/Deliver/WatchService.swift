import CloseoutCommandLine
import CloseoutDelivery
import CloseoutEncodings
import CloseoutFiles
import CloseoutOpenSSL

/// Watches a folder of bundles, delivers what they have to tell, and records the results (docs/delivery.md, "Service").
struct WatchService {
    /// How many seconds lie between two looks at the folder.
    private static let interval = 5

    let work: BundleWork
    let outbox: Outbox
    let statusFile: StatusFile?
    let clock: MachineClock
    private let log: SendingLog

    init(_ work: BundleWork, outbox: Outbox, statusFile: StatusFile?) {
        var work = work
        self.outbox = outbox
        self.statusFile = statusFile
        clock = MachineClock(start: work.context.now)
        log = SendingLog(clock: clock)
        work.tookBack = { [log] path, words in
            log.add(
                "bundle-repaired",
                [JSONMember("path", JSON(printable(path))), JSONMember("message", JSON(words))])
        }
        self.work = work
    }

    /// Works until somebody wants it to stop, or takes the outbox away; what is under way then ends by its deadline and is recorded.
    func run(watching path: [UInt8], exposed: [String]) async throws {
        try Descriptors.confirm()
        StopRequest.listen()
        let ready = await work.readyRoutes { failure in
            log.add("route-trouble", [JSONMember("message", JSON(failure.message))])
        }
        let dispatcher = Dispatcher(outbox, routes: ready, clock: clock) {
            [log] report in log.add(report)
        }
        log.add("started")
        for message in exposed {
            log.add("secret-trouble", [JSONMember("message", JSON(message))])
        }
        let sending = Task { try await dispatcher.run(.forever) }
        var folder = WatchedFolder(path: path)
        var recorded: [String: Int] = [:]
        var pass = Pass()
        var lost: OutboxError?
        while !StopRequest.isMade {
            do throws(OutboxError) { try outbox.confirmPlace() } catch { lost = error }
            if lost != nil { break }
            let isSeen = await look(into: &folder)
            dispatcher.wake()
            let isRecorded = await record(folder, by: ready, &recorded)
            pass.isGood = isSeen && isRecorded
            if pass.isGood { pass.last = clock.now }
            await writeStatus("running", folder, pass)
            for _ in 0..<(Self.interval * 5) where !StopRequest.isMade {
                try? await Task.sleep(for: .milliseconds(200))
            }
        }
        if let lost { log.add("outbox-trouble", [JSONMember("message", JSON("\(lost)"))]) }
        log.add("stopping")
        await writeStatus("stopping", folder, pass)
        sending.cancel()
        try? await sending.value
        dispatcher.close()
        pass.isGood = await record(folder, by: ready, &recorded) && pass.isGood
        await writeStatus("stopped", folder, pass)
        log.add("stopped")
        if let lost { throw lost }
    }

    /// The passes over all bundles.
    private struct Pass {
        /// When the last one ended that met no trouble.
        var last: Instant?
        /// Whether the last one met none.
        var isGood = false
    }

    /// Queues what the bundles have to tell that are new or have grown.
    ///
    /// - Returns: Whether all bundles could be looked at, now or when that was last tried.
    private func look(into folder: inout WatchedFolder) async -> Bool {
        do {
            let due = try folder.due(clock.now) { path in
                log.add(
                    "passed-over",
                    [
                        JSONMember("path", JSON(printable(path))),
                        JSONMember("message", JSON("it is no folder of a bundle")),
                    ])
            }
            for bundle in due where !StopRequest.isMade {
                do {
                    let queued = try await work.queue(bundle, in: outbox, at: clock.now)
                    folder.know(bundle, as: queued.seal)
                    if queued.isContradicted {
                        log.add(
                            "decision-trouble",
                            [
                                JSONMember("path", JSON(printable(bundle))),
                                JSONMember("message", JSON(BundleWork.contradiction(of: bundle))),
                            ])
                    }
                } catch {
                    trouble(error, bundle)
                    folder.lookSoon(at: bundle)
                }
            }
        } catch {
            trouble(error, folder.path)
            return false
        }
        return folder.troubled.isEmpty
    }

    /// Records the deliveries that have come to an end since the last time.
    ///
    /// - Returns: Whether there was no trouble.
    private func record(
        _ folder: WatchedFolder, by ready: [ReadyRoute], _ recorded: inout [String: Int]
    ) async -> Bool {
        var isGood = true
        for (seal, bundle) in folder.bundles {
            do {
                let finished = try await outbox.finished(about: seal)
                let new = finished.filter { recorded[$0.summary.id] != $0.attempts.count }
                guard !new.isEmpty else { continue }
                _ = try await work.record(
                    about: seal, from: outbox, by: ready, in: bundle, at: clock.now)
                for delivery in new { recorded[delivery.summary.id] = delivery.attempts.count }
            } catch {
                isGood = false
                trouble(error, bundle)
            }
        }
        return isGood
    }

    private func trouble(_ error: any Error, _ path: [UInt8]) {
        log.add(
            "bundle-trouble",
            [
                JSONMember("path", JSON(printable(path))),
                JSONMember("message", JSON(CommandFailure(telling: error).message)),
            ])
    }

    /// Puts a file in place that says how the service is.
    private func writeStatus(_ state: String, _ folder: WatchedFolder, _ pass: Pass) async {
        guard let statusFile else { return }
        let now = clock.now
        let routes = try? await outbox.routes(now: now)
        let health = ServiceHealth(
            routes, lastPass: pass.last, isPassing: pass.isGood, now: now)
        let json: JSON = [
            "kind": JSON(StatusFile.kind), "state": JSON(state),
            "at": JSON(now.description), "health": health.json,
            "bundles": .integer(Int64(folder.bundles.count)),
            "figures": log.json, "routes": .array((routes ?? []).map(\.json)),
        ]
        do {
            try statusFile.write(json)
        } catch {
            trouble(error, statusFile.path)
        }
    }
}
