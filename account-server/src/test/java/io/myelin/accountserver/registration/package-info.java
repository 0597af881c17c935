/** Tests of the rules for user names and passwords. */
@NullMarked
package io.myelin.accountserver.registration;

import org.jspecify.annotations.NullMarked;
