/** The endpoints of the client-server API about users, and the internal one that adds some. */
@NullMarked
package io.myelin.accountserver.web;

import org.jspecify.annotations.NullMarked;
