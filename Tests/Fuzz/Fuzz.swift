import CloseoutEncodings
import Glibc

// The entry point that libFuzzer calls; scripts/fuzz builds it. It is no target of the package.

/// The decoder named by `CLOSEOUT_FUZZ`.
private let decoder: Decoder? = {
    guard let name = unsafe getenv("CLOSEOUT_FUZZ") else { return nil }
    let wanted = unsafe String(cString: name)
    return decoders.first { $0.description == wanted }
}()

private let decoders = Decoder.all + Decoder.readers

/// Prints the names of the decoders and exits, or writes the named one's sample into its corpus.
@_cdecl("LLVMFuzzerInitialize")
public func initialize(
    _ count: UnsafeMutablePointer<CInt>, _ arguments: UnsafeMutableRawPointer
) -> CInt {
    guard let decoder else {
        for decoder in decoders { print(decoder.description) }
        exit(64)
    }
    if let path = unsafe getenv("CLOSEOUT_FUZZ_SAMPLE"), let file = unsafe fopen(path, "w") {
        let sample = Array(decoder.sample.utf8)
        unsafe fwrite(sample, 1, sample.count, file)
        unsafe fclose(file)
    }
    return 0
}

/// Stops at the first input that a decoder accepts and would write otherwise, besides those that
/// end the process.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = unsafe Array(UnsafeBufferPointer(start: start, count: count))
    guard let decoder else { return 0 }
    do {
        guard let output = try decoder.reencode(input), output != input else { return 0 }
        print("accepted \(printable(input)) and wrote \(printable(output))")
    } catch {
        print("failed on \(printable(input)): \(error)")
    }
    abort()
}
