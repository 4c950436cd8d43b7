import CloseoutEncodings
import CloseoutTestSupport
import Testing

/// A way in which text that holds a key is kept elsewhere.
struct KeyDress: Sendable, CustomTestStringConvertible {
    let name: String
    let wear: @Sendable ([UInt8]) -> [UInt8]

    var testDescription: String { name }

    /// Ways to keep text.
    static let ofText: [KeyDress] = encodings + strings

    private static let encodings: [KeyDress] = [
        KeyDress(name: "UTF-8 with its mark") { [0xEF, 0xBB, 0xBF] + $0 },
        KeyDress(name: "UTF-16, little end first") { $0.flatMap { [$0, 0] } },
        KeyDress(name: "UTF-16, little end first, marked") { text in
            [0xFF, 0xFE] + text.flatMap { [$0, 0] }
        },
        KeyDress(name: "UTF-16, big end first") { $0.flatMap { [0, $0] } },
        KeyDress(name: "UTF-16, big end first, marked") { [0xFE, 0xFF] + $0.flatMap { [0, $0] } },
        KeyDress(name: "UTF-32, marked") { [0xFF, 0xFE, 0, 0] + $0.flatMap { [$0, 0, 0, 0] } },
        KeyDress(name: "UTF-16 with line ends of Windows") { text in
            [0xFF, 0xFE] + windows(text).flatMap { [$0, 0] }
        },
        KeyDress(name: "line ends of Windows") { windows($0) },
    ]

    private static let strings: [KeyDress] =
        [
            "\\n", "\\r\\n", "\\u000a", "\\u000A", "\\u000d\\u000a", "\\\\n", "\\\\u000a", "&#10;",
            "&#xA;", "%0A",
        ].map { escape in
            KeyDress(name: "JSON with \(escape)") { text in
                bytes("{\"key\":\"") + escaped(text, escape) + bytes("\",\"other\":1}")
            }
        } + [
            KeyDress(name: "JSON in UTF-16") { text in
                (bytes("{\"key\":\"") + escaped(text, "\\u000a") + bytes("\"}")).flatMap {
                    [$0, 0]
                }
            }
        ]

    /// Ways to keep bytes as base64.
    static let ofBytes: [KeyDress] = [
        KeyDress(name: "base64") { Base64.encode($0) },
        KeyDress(name: "base64, unpadded") { unpadded($0) },
        KeyDress(name: "base64url") { url($0) },
        KeyDress(name: "base64 in lines of 64") { wrapped(Base64.encode($0), 64, "\n") },
        KeyDress(name: "base64 in lines of 76 of Windows") { key in
            wrapped(Base64.encode(key), 76, "\r\n")
        },
        KeyDress(name: "base64url in lines of 10") { wrapped(url($0), 10, "\n") },
        KeyDress(name: "base64 in YAML") { key in
            bytes("key: |\n    ") + wrapped(Base64.encode(key), 64, "\n    ") + bytes("\n")
        },
        KeyDress(name: "base64 in JSON") { key in
            bytes("{\"key\":\"") + Base64.encode(key) + bytes("\"}")
        },
        KeyDress(name: "base64 in JSON with escaped slashes") { key in
            bytes("{\"key\":\"") + bytes(text(Base64.encode(key)).replacing("/", with: "\\/"))
                + bytes("\"}")
        },
        KeyDress(name: "base64 in lines of JSON") { key in
            bytes("{\"key\":\"") + wrapped(Base64.encode(key), 64, "\\n") + bytes("\"}")
        },
        KeyDress(name: "base64 in lines of JSON, escaped") { key in
            bytes("{\"key\":\"") + wrapped(Base64.encode(key), 64, "\\u000a") + bytes("\"}")
        },
        KeyDress(name: "base64 in UTF-16") { key in
            [0xFF, 0xFE] + wrapped(Base64.encode(key), 64, "\r\n").flatMap { [$0, 0] }
        },
        KeyDress(name: "base64 in an assignment") { bytes("KEY=") + unpadded($0) + bytes("\n") },
    ]

    private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

    private static func windows(_ text: [UInt8]) -> [UInt8] {
        text.flatMap { $0 == 0x0A ? [0x0D, 0x0A] : [$0] }
    }

    private static func escaped(_ text: [UInt8], _ escape: String) -> [UInt8] {
        text.flatMap { $0 == 0x0A ? Array(escape.utf8) : [$0] }
    }

    private static func unpadded(_ key: [UInt8]) -> [UInt8] {
        Base64.encode(key).filter { $0 != UInt8(ascii: "=") }
    }

    private static func url(_ key: [UInt8]) -> [UInt8] {
        unpadded(key).map { letter in
            letter == UInt8(ascii: "+")
                ? UInt8(ascii: "-") : letter == UInt8(ascii: "/") ? UInt8(ascii: "_") : letter
        }
    }

    private static func wrapped(_ letters: [UInt8], _ width: Int, _ end: String) -> [UInt8] {
        stride(from: 0, to: letters.count, by: width)
            .map { Array(letters[$0..<min($0 + width, letters.count)]) }
            .joined(separator: Array(end.utf8)).map { $0 }
    }
}
