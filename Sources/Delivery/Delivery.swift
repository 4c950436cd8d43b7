// What leaves the house: decisions and retention alerts, delivered to the systems that people watch.
//
// A route says where a delivery goes and how its receiver is spoken to (Routes, Providers). What is to be delivered is
// queued in one file that outlives the process (Outbox). An attempt is written down before its first byte leaves, and
// what became of it afterwards; the records of both go into the bundle through `Workflows` (docs/delivery.md).
