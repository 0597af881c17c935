/**
 * HTTPS with the outside: which addresses may be connected to, whose certificates are believed, how long and how large an
 * answer may be. It decides nothing about Matrix.
 */
@NullMarked
package io.myelin.federationsend.transport.http;

import org.jspecify.annotations.NullMarked;
