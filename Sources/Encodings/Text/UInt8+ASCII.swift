extension UInt8 {
    /// Whether it is an ASCII digit.
    package var isDigit: Bool { 0x30...0x39 ~= self }

    /// Whether it is a digit of hexadecimal numbers as Closeout writes them: 0 to 9, a to f.
    package var isHexDigit: Bool { isDigit || 0x61...0x66 ~= self }

    /// Whether it is an ASCII letter or digit.
    package var isAlphanumeric: Bool { isDigit || 0x61...0x7A ~= self || 0x41...0x5A ~= self }
}
