/**
 * JSON as Matrix signs and hashes it: a small sealed family of immutable values, a strict parser that accepts exactly
 * canonical JSON's values, and the canonical encoder. Only {@link io.myelin.matrix.json.JsonParser} uses Jackson's
 * streaming parser.
 */
@NullMarked
package io.myelin.matrix.json;

import org.jspecify.annotations.NullMarked;
