internal import Glibc

/// What the system does to the process.
package enum Signals {
    /// Makes writing to a pipe that nobody reads an error of that write, and not the end of the
    /// process.
    package static func ignoreBrokenPipes() {
        _ = signal(SIGPIPE, SIG_IGN)
    }

    /// Makes a fault end the process with words and an exit code: 74 where there is no memory to be had,
    /// or a file became shorter while it was looked at, else 70 (docs/command-line.md, "Faults").
    ///
    /// The runtime ends the process by a signal where it gets no memory, and would then run a program
    /// that it looks for beside this one.
    package static func endOnFaults() {
        let size = 1 << 16
        let memory = unsafe mmap(
            nil, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
        guard unsafe memory != MAP_FAILED, Machine.hasMemory else { end(onFault: SIGABRT) }
        var stack = unsafe stack_t()
        unsafe stack.ss_sp = memory
        unsafe stack.ss_size = size
        _ = unsafe sigaltstack(&stack, nil)
        var action = sigaction()
        unsafe action.__sigaction_handler.sa_handler = { Signals.end(onFault: $0) }
        action.sa_flags = SA_ONSTACK
        for number in [SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE, SIGSEGV] {
            _ = unsafe sigaction(number, &action, nil)
        }
    }

    /// Ends the process at once, by nothing but calls that a handler of signals may make.
    private static func end(onFault number: Int32) -> Never {
        let (words, code): (StaticString, Int32) =
            if number == SIGBUS, MappedFile.isInUse {
                ("closeout: a file became shorter while it was read: what was begun is not done\n", 74)
            } else if number == SIGABRT || !Machine.hasMemory {
                ("closeout: the system gave no memory: what was begun is not done\n", 74)
            } else {
                ("closeout: internal error: a fault of the program: what was begun is not done\n", 70)
            }
        _ = unsafe write(STDERR_FILENO, words.utf8Start, words.utf8CodeUnitCount)
        _exit(code)
    }

    /// Makes a write beyond the permitted size of a file an error of that write, and not the end of the process.
    package static func ignoreSizeLimit() {
        _ = signal(SIGXFSZ, SIG_IGN)
    }
}
