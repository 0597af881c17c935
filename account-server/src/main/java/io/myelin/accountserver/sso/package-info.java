/** Single sign-on by a CAS server: who a ticket stands for, and which local user that is. */
@NullMarked
package io.myelin.accountserver.sso;

import org.jspecify.annotations.NullMarked;
