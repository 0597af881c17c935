/** The names and passwords that new users may choose, and the sessions that begin. */
@NullMarked
package io.myelin.accountserver.registration;

import org.jspecify.annotations.NullMarked;
