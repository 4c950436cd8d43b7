import CloseoutOpenSSL

/// RFC 6962, section 2.1, written down as it stands there: slow, and plain to compare with the text.
enum ReferenceTree {
    /// MTH.
    static func root(_ entries: ArraySlice<[UInt8]>) throws -> SHA256Digest {
        guard let first = entries.first else { return try SHA256Digest.of([]) }
        guard entries.count > 1 else { return try SHA256Digest.of([0] + first) }
        let (left, right) = split(entries)
        return try SHA256Digest.of([1] + root(left).bytes + root(right).bytes)
    }

    /// PATH(m, D[n]).
    static func path(_ index: Int, _ entries: ArraySlice<[UInt8]>) throws -> [SHA256Digest] {
        guard entries.count > 1 else { return [] }
        let (left, right) = split(entries)
        return index < left.count
            ? try path(index, left) + [root(right)]
            : try path(index - left.count, right) + [root(left)]
    }

    /// PROOF(m, D[n]).
    static func proof(_ size: Int, _ entries: ArraySlice<[UInt8]>) throws -> [SHA256Digest] {
        try subproof(size, entries, isWhole: true)
    }

    /// SUBPROOF(m, D[n], b).
    private static func subproof(
        _ size: Int, _ entries: ArraySlice<[UInt8]>, isWhole: Bool
    ) throws -> [SHA256Digest] {
        if size == entries.count { return isWhole ? [] : [try root(entries)] }
        let (left, right) = split(entries)
        return size <= left.count
            ? try subproof(size, left, isWhole: isWhole) + [root(right)]
            : try subproof(size - left.count, right, isWhole: false) + [root(left)]
    }

    /// Cuts at the largest power of two smaller than the count.
    private static func split(
        _ entries: ArraySlice<[UInt8]>
    ) -> (ArraySlice<[UInt8]>, ArraySlice<[UInt8]>) {
        var size = 1
        while size * 2 < entries.count { size *= 2 }
        return (entries.prefix(size), entries.dropFirst(size))
    }
}
