/** Unit tests of the parts of the servers' engine. */
@NullMarked
package io.myelin.engine.shard;

import org.jspecify.annotations.NullMarked;
