import CloseoutOutbound
import Testing

@Suite("A value that comes later")
struct PendingTests {
    @Test("reaches all that wait for it, before and after it comes, and only the first one counts")
    func reachesAll() async {
        let pending = Pending<Int>()
        await withTaskGroup(of: Int?.self) { group in
            for _ in 0..<50 { group.addTask { await pending.value() } }
            group.addTask {
                pending.give(7)
                pending.give(8)
                return 7
            }
            for await value in group { #expect(value == 7) }
        }
        #expect(await pending.value() == 7)
    }

    @Test("is not waited for by a task that is cancelled, early or late")
    func cancellation() async {
        let pending = Pending<Int>()
        for round in 0..<100 {
            let task = Task { await pending.value() }
            if round % 2 == 0 { await Task.yield() }
            task.cancel()
            #expect(await task.value == nil)
        }
        pending.give(1)
        #expect(await pending.value() == 1)
    }
}
