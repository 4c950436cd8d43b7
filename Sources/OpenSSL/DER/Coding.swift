/// What a C function of the `i2d` family writes; nil if it fails.
func encoded(
    _ function: (UnsafeMutablePointer<UnsafeMutablePointer<UInt8>?>?) -> CInt
) -> [UInt8]? {
    let size = function(nil)
    guard size > 0 else { return nil }
    return unsafe [UInt8](unsafeUninitializedCapacity: Int(size)) { buffer, count in
        var next = buffer.baseAddress
        count = unsafe max(0, Int(function(&next)))
    }
}

/// What a C function of the `d2i` family reads; nil if it fails.
func decoded(
    _ der: [UInt8],
    _ function: (UnsafeMutablePointer<UnsafePointer<UInt8>?>, CLong) -> OpaquePointer?
) -> OpaquePointer? {
    unsafe der.withUnsafeBufferPointer { der in
        var next = der.baseAddress
        return unsafe function(&next, der.count)
    }
}
