/** What a new user or a new session may be called, and what is kept of it. */
@NullMarked
package io.myelin.accountserver.registration;

import org.jspecify.annotations.NullMarked;
