import Dispatch

/// Threads for what computes for long: verifying, drawing pages, making proofs.
///
/// The threads of the concurrency library are as many as there are processors, and take the requests. Were a large
/// bundle verified on them, nobody would be told that it is.
final class WorkThreads: TaskExecutor {
    static let shared = WorkThreads()

    private let queue = DispatchQueue(label: "closeout.work", attributes: .concurrent)

    private init() {}

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async {
            unsafe job.runSynchronously(on: self.asUnownedTaskExecutor())
        }
    }
}
