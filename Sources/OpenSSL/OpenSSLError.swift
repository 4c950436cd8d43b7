import CloseoutCOpenSSL

/// A libcrypto call that failed: the function's name and all that it left in its error queue.
///
/// It says that something could not be computed. A signature that does not verify is no error.
package struct OpenSSLError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The C function that failed.
    package let function: String
    /// The error queue of the calling thread, oldest entry first; it may be empty.
    package let queue: [String]

    /// An error with a queue that is already known.
    package init(function: String, queue: [String]) {
        self.function = function
        self.queue = queue
    }

    /// The error of a call that has just failed on this thread; empties the thread's queue.
    static func taken(after function: String) -> OpenSSLError {
        var queue: [String] = []
        while let entry = nextEntry() { queue.append(entry) }
        return OpenSSLError(function: function, queue: queue)
    }

    /// Empties this thread's queue after a call whose failure is an answer, and throws where the call
    /// had no memory and so gave no answer.
    static func throwIfOutOfMemory(after function: String) throws(OpenSSLError) {
        let code = ERR_peek_last_error()
        let hadMemory = ERR_GET_REASON(code) != COpenSSL_ERR_R_MALLOC_FAILURE()
        guard code == 0 || hadMemory else { throw .taken(after: function) }
        clearQueue()
    }

    /// Forgets what this thread's queue holds, after a failure that is an answer and no error.
    static func clearQueue() {
        ERR_clear_error()
    }

    /// The call and its causes on one line.
    package var description: String {
        queue.isEmpty ? "\(function) failed" : "\(function): \(queue.joined(separator: "; "))"
    }

    private static func nextEntry() -> String? {
        var data: UnsafePointer<CChar>?
        var flags: CInt = 0
        let code = unsafe ERR_get_error_all(nil, nil, nil, &data, &flags)
        guard code != 0 else { return nil }
        let reason = unsafe text(ERR_reason_error_string(code)) ?? "error \(code)"
        guard flags & ERR_TXT_STRING != 0, let detail = unsafe text(data), !detail.isEmpty else {
            return reason
        }
        return "\(reason) (\(detail))"
    }

    private static func text(_ string: UnsafePointer<CChar>?) -> String? {
        unsafe string.map { unsafe String(cString: $0) }
    }
}
