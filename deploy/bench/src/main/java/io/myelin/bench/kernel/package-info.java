/**
 * The kernels: what a server computes for an event, measured with JMH where nothing else goes on. {@code Kernels} is the
 * entry; each class with a {@code @Benchmark} is one kernel, and says what is done once in the time that comes out.
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
