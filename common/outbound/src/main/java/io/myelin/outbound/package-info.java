/**
 * HTTP to servers that are no part of the deployment: which addresses may be connected to, which certificates are trusted, and how long an answer may
 * take and how large it may be. It contains nothing about Matrix.
 */
@NullMarked
package io.myelin.outbound;

import org.jspecify.annotations.NullMarked;
