/**
 * What every controller of Myelin uses: sessions and strict JSON as parameters, identifiers in paths, answers as bytes,
 * and every failure as a Matrix error. {@link io.myelin.web.WebConfiguration} wires it; {@link io.myelin.web.session}
 * finds the requester.
 */
@NullMarked
package io.myelin.web;

import org.jspecify.annotations.NullMarked;
