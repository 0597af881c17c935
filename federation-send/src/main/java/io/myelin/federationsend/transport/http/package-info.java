/**
 * HTTPS to other servers: which addresses may be connected to, which certificates are trusted, and how long an answer may
 * take and how large it may be. It contains nothing about Matrix.
 */
@NullMarked
package io.myelin.federationsend.transport.http;

import org.jspecify.annotations.NullMarked;
