import CloseoutCommandLine
import CloseoutConsole
import CloseoutFiles
import Dispatch
import Synchronization

/// The program's first function; see that of `closeout`.
///
/// Tasks run on the threads of the concurrency library: they wait for connections.
@_cdecl("CloseoutConsoleProgram_main")
public func start(
    _ count: Int32, _ words: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
) -> Int32 {
    if let code = unsafe CommandProgram(ConsoleRoot.self).begin(count, words) { return code }
    let code = Mutex<Int32>(0)
    let end = DispatchSemaphore(value: 0)
    Task {
        let ended = await CommandProgram(ConsoleRoot.self).run(Machine.arguments)
        code.withLock { $0 = ended }
        end.signal()
    }
    end.wait()
    return code.withLock { $0 }
}
