/** Tokens and what is remembered of them. */
@NullMarked
package io.myelin.web.session;

import org.jspecify.annotations.NullMarked;
