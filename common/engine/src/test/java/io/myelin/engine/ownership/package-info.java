/** How shards are looked at and spread, piece by piece. */
@NullMarked
package io.myelin.engine.ownership;

import org.jspecify.annotations.NullMarked;
