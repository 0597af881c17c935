/** The client-server API's endpoints about users, and the internal endpoint that creates users. */
@NullMarked
package io.myelin.accountserver.web;

import org.jspecify.annotations.NullMarked;
