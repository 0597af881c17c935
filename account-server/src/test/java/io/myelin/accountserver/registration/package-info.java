/** Which names and passwords are taken. */
@NullMarked
package io.myelin.accountserver.registration;

import org.jspecify.annotations.NullMarked;
