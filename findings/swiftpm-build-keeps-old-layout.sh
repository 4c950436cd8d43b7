#!/bin/sh
# The package manager compiles a module anew where a module that it names as a dependency has changed. Where the
# layout of a type changes two modules further down, and the file of the module between comes out as it was, the module
# above keeps the old layout: it reads other bytes than were written, and nobody says so. Naming all modules below as
# dependencies helps, and so does building everything anew.
#
# Seen with Swift 6.3.1 on Debian 12 (x86_64): a debug build prints 16 for a value of 24 bytes. In an optimised build
# of the same three modules the file between changes too, and it prints 24.
set -eu
swift --version 2>/dev/null | sed -n 's/.*\(Swift version [0-9.]*\).*/\1/p'
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
mkdir -p Sources/Inner Sources/Middle Sources/Outer
cat >Package.swift <<'END'
// swift-tools-version: 6.0
import PackageDescription
let package = Package(
    name: "layout",
    targets: [
        .target(name: "Inner"), .target(name: "Middle", dependencies: ["Inner"]),
        .executableTarget(name: "Outer", dependencies: ["Middle"]),
    ])
END
cat >Sources/Middle/Middle.swift <<'END'
public import Inner
public struct Middle { var inner = Inner(); public var tag = 7; public init() {} }
END
cat >Sources/Outer/main.swift <<'END'
import Middle
print(MemoryLayout<Middle>.size)
END
inner() { echo "public struct Inner { public var one = 1; $1 public init() {} }" >Sources/Inner/Inner.swift; }
# Prints the size that a build with these options gives the value.
size() {
    swift build "$@" >log 2>&1 || { cat log >&2; exit 1; }
    "$(swift build "$@" --show-bin-path)/Outer"
}
# Prints it before the change, after it, and once all is built anew.
sizes() {
    rm -rf .build
    inner ''
    first=$(size "$@")
    inner 'public var two = 2;'
    second=$(size "$@")
    rm -rf .build
    printf '%s %s %s\n' "$first" "$second" "$(size "$@")"
}
debug=$(sizes) release=$(sizes -c release)
printf 'debug: %s\nrelease: %s\n' "$debug" "$release"
[ "$debug / $release" = '16 16 24 / 16 24 24' ] || {
    echo 'the behaviour has changed' >&2
    exit 1
}
