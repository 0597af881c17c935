/**
 * What must hold in a service's schema at every commit. A service declares its {@link
 * io.myelin.postgres.check.Invariant}s; the engine's own are in {@link io.myelin.postgres.check.EngineInvariants}. {@link
 * io.myelin.postgres.check.SchemaCheck} looks for damage in one snapshot, so it can do that while the server runs.
 */
@NullMarked
package io.myelin.postgres.check;

import org.jspecify.annotations.NullMarked;
