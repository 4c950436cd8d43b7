#!/bin/sh
# The package manager: a package that has several traits is compiled anew by `swift build` though nothing has
# changed. Each enabled trait becomes a condition of the compiler, `-DName`, and they are named in the order of a set,
# which is another from run to run. Other options mean other commands, and those of all modules are run again.
#
# Seen with Swift 6.3.1 on Debian 12 (x86_64): six traits, ten builds without a change: several orders, and the module is compiled
# again with each change of order. With SWIFT_DETERMINISTIC_HASHING=1 there is one order, and nothing is compiled again.
#
# This fails where the order stays the same by itself: then the variable is not needed any more.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
swift --version 2>/dev/null | head -n 1

mkdir -p "$work/Sources/Example"
cat >"$work/Package.swift" <<'END'
// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "Example",
    traits: [
        .default(enabledTraits: ["One", "Two", "Three", "Four", "Five", "Six"]),
        "One", "Two", "Three", "Four", "Five", "Six",
    ],
    targets: [.target(name: "Example")])
END
echo 'public let example = 1' >"$work/Sources/Example/Example.swift"

# Prints the order of the traits, and whether the module was compiled, of one build after another.
builds() {
    for _ in 1 2 3 4 5 6 7 8 9 10; do
        swift build --package-path "$work" >"$work/log" 2>&1 || { cat "$work/log"; exit 1; }
        order=$(grep -oE '"-D(One|Two|Three|Four|Five|Six)"' "$work/.build/debug.yaml" | head -n 6 | tr -d '"\n')
        grep -q 'Compiling Example' "$work/log" && did=compiled || did='nothing to do'
        printf '%s  %s\n' "$order" "$did"
    done
}

builds | tee "$work/usual"
echo 'with SWIFT_DETERMINISTIC_HASHING=1:'
export SWIFT_DETERMINISTIC_HASHING=1
builds | tee "$work/steady"

orders() { awk '{ print $1 }' "$1" | sort -u | wc -l; }
[ "$(orders "$work/usual")" -gt 1 ] || { echo 'changed: the order stays the same'; exit 1; }
[ "$(tail -n +2 "$work/usual" | grep -c compiled)" -gt 0 ] || { echo 'changed: nothing is compiled again'; exit 1; }
[ "$(orders "$work/steady")" -eq 1 ] || { echo 'changed: the variable does not keep the order'; exit 1; }
! tail -n +2 "$work/steady" | grep -q compiled || { echo 'changed: compiled again in the same order'; exit 1; }
