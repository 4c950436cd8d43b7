/// A generator of numbers that looks random and is the same for a seed on every machine.
///
/// SplitMix64 by Steele, Lea and Flood.
package struct SplitMix64: RandomNumberGenerator, Sendable {
    private var state: UInt64

    /// Starts the sequence that belongs to a seed.
    package init(seed: UInt64) {
        state = seed
    }

    /// The next number of the sequence.
    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

/// Damaged copies of a valid input, the same ones for a seed on every machine.
///
///     for input in mutations(of: sample, seed: 1, count: 20_000) { … }
///
/// - Parameters:
///   - sample: A valid input of the decoder under test.
///   - seed: Any number, fixed in the test.
///   - count: How many copies at most; no more than 2,000 where not everything is to be tried
///     (`isExhaustive`).
///   - tokens: Pieces with a meaning to the decoder, which some copies get at some place.
/// - Returns: The copies, made one at a time. A few may equal the sample.
package func mutations(
    of sample: [UInt8], seed: UInt64, count: Int, tokens: [String] = []
) -> some Sequence<[UInt8]> {
    let tokens = tokens.map { Array($0.utf8) }
    return sequence(state: SplitMix64(seed: seed)) { generator in
        mutation(of: sample, tokens: tokens, using: &generator)
    }.prefix(repetitions(count, usually: 2_000))
}

/// A copy with one to four changes.
private func mutation(
    of sample: [UInt8], tokens: [[UInt8]], using generator: inout SplitMix64
) -> [UInt8] {
    var copy = sample
    for _ in 0..<Int.random(in: 1...4, using: &generator) {
        change(&copy, tokens: tokens, using: &generator)
    }
    return copy
}

private func change(
    _ bytes: inout [UInt8], tokens: [[UInt8]], using generator: inout SplitMix64
) {
    let place = Int.random(in: 0...bytes.count, using: &generator)
    let length = Int.random(in: 0...min(16, bytes.count - place), using: &generator)
    let range = place..<place + length
    let piece = Array(bytes[range])
    switch Int.random(in: 0..<8, using: &generator) {
    case 0:
        bytes.insert(UInt8.random(in: 0...255, using: &generator), at: place)
    case 1:
        bytes.removeSubrange(range)
    case 2:
        bytes.insert(contentsOf: piece, at: Int.random(in: 0...bytes.count, using: &generator))
    case 3:
        bytes.replaceSubrange(range, with: piece.reversed())
    case 4:
        bytes.removeSubrange(place...)
    case 5 where place < bytes.count:
        bytes[place] ^= 1 << UInt8.random(in: 0...7, using: &generator)
    case 6 where place < bytes.count:
        bytes[place] = extremes.randomElement(using: &generator) ?? 0
    default:
        bytes.insert(contentsOf: tokens.randomElement(using: &generator) ?? [0x0A], at: place)
    }
}

/// Bytes at which decoders branch.
private let extremes: [UInt8] =
    [0x00, 0x1F, 0x7F, 0x80, 0xBF, 0xC0, 0xED, 0xF4, 0xFF] + Array(" \t\r\n\"\\+-=/0.".utf8)
