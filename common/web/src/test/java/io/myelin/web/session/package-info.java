/** Tokens and the cache of their sessions. */
@NullMarked
package io.myelin.web.session;

import org.jspecify.annotations.NullMarked;
