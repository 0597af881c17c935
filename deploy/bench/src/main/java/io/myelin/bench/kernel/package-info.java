/**
 * The kernels: computations of a server for an event, which JMH measures in isolation. {@code Kernels} is the entry. Each
 * class with a {@code @Benchmark} is one kernel, and its Javadoc says what one measured operation does.
 *
 * <pre>
 * Kernels
 *   ├─ MessageSigning          canonical JSON, hashes, the signature of a message of 1 KB
 *   ├─ MessageAuthorisation    the authorisation rules on a message in a large room
 *   └─ ForkResolution          the state where two forks of a large room meet
 *        └─ ForkedRoom ── LargeRoom ── Branch ── RoomHistory
 * </pre>
 *
 * <p>Still missing is the state at an old event, which takes storage that room-server does not have yet.
 */
@NullMarked
package io.myelin.bench.kernel;

import org.jspecify.annotations.NullMarked;
