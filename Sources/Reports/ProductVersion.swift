/// The version of Closeout, which some formats of a report name.
package let productVersion = "0.3.0"
