import CloseoutEncodings
import CloseoutIndex
import CloseoutRecords

/// What the forms about several bundles ask for.
struct IndexFields {
    /// How many days are soon, where nobody says.
    static let soon = 30

    /// Which acceptances a register shows.
    enum Register: String, CaseIterable {
        case all, active, ending, expired, proposed, revoked

        /// What a form calls it.
        var words: String {
            switch self {
            case .all: "all"
            case .active: "active"
            case .ending: "active, ends soon"
            case .expired: "expired"
            case .proposed: "proposed"
            case .revoked: "revoked"
            }
        }
    }

    let release: [UInt8]
    let key: [UInt8]
    let standing: BundleQuery.Standing?
    let days: Int?
    let isHeld: Bool
    let register: Register

    init(_ query: FormFields) {
        release = query["release"] ?? []
        key = query["key"] ?? []
        standing = query.text("verdict").flatMap(BundleQuery.Standing.init)
        days = query.number("days").flatMap { $0 <= 36_500 ? $0 : nil }
        isHeld = query["held"] != nil
        register = query.text("state").flatMap(Register.init) ?? .all
    }

    /// The query of the page's address without the number of the page.
    var address: String {
        "release=\(queryEncoded(release))&key=\(queryEncoded(key))&verdict=\(standing?.rawValue ?? "")"
            + "&days=\(days.map(String.init) ?? "")\(isHeld ? "&held=1" : "")&state=\(register.rawValue)&"
    }

    /// The instant up to which something ends soon.
    func limit(_ now: Instant) -> Instant {
        now.adding(seconds: Int64(days ?? Self.soon) * 86_400) ?? now
    }

    /// Which bundles are asked for.
    func bundles(_ now: Instant) -> BundleQuery {
        var query = BundleQuery()
        query.release = Self.text(release)
        query.key = Self.text(key)
        query.standing = standing
        query.keptUntil = days == nil ? nil : limit(now)
        query.isHeld = isHeld
        return query
    }

    /// Which acceptances are asked for.
    func acceptances(_ now: Instant) -> AcceptanceQuery {
        switch register {
        case .all: .all
        case .active: .active(after: limit(now))
        case .ending: .ending(by: limit(now))
        case .expired: .status(.expired)
        case .proposed: .status(.proposed)
        case .revoked: .status(.revoked)
        }
    }

    /// A text without the blanks around it, as they come along when it is copied.
    private static func text(_ bytes: [UInt8]) -> String {
        let blank = UInt8(ascii: " ")
        let begun = bytes.drop { $0 == blank }
        let end = begun.lastIndex { $0 != blank }
        return end.map { String(decoding: begun[...$0], as: UTF8.self) } ?? ""
    }
}

/// A digest as people have it: by itself, as a line of `sha256sum`, or with the name of the algorithm.
enum DigestInput {
    /// Its hexadecimal digits in lower case; empty where there are none.
    static func digits(_ text: [UInt8]) -> String {
        let lowered = Array(String(decoding: text, as: UTF8.self).lowercased().utf8)
        let name = Array("sha256:".utf8)
        let words = lowered.split { !($0 > 0x20 && $0 < 0x7F) }
        guard let word = words.first else { return "" }
        let digits = word.starts(with: name) ? word.dropFirst(name.count) : word
        let isHex = digits.allSatisfy {
            (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
                || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains($0)
        }
        return isHex ? String(decoding: digits, as: UTF8.self) : ""
    }
}
