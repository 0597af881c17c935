/** Addresses outside Matrix that belong to users: how control of one is proven, whose it is, and at which identity servers it is published. */
@NullMarked
package io.myelin.accountserver.threepid;

import org.jspecify.annotations.NullMarked;
