/** Unit tests of looks and of the spread of shards. */
@NullMarked
package io.myelin.engine.ownership;

import org.jspecify.annotations.NullMarked;
