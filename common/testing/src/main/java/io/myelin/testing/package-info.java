/**
 * What tests of several modules share. {@link io.myelin.testing.TestEngines} is a real PostgreSQL and a real Kafka for
 * tests named {@code ...IT}.
 */
@NullMarked
package io.myelin.testing;

import org.jspecify.annotations.NullMarked;
