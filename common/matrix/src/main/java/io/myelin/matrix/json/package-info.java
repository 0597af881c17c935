/**
 * JSON as Matrix signs and hashes it: a small sealed family of immutable values, a strict parser that takes exactly what
 * canonical JSON can say, and the canonical encoder. Jackson's streaming parser stands behind {@link
 * io.myelin.matrix.json.JsonParser} alone.
 */
@NullMarked
package io.myelin.matrix.json;

import org.jspecify.annotations.NullMarked;
