/** The forms of requests. */
@NullMarked
package io.myelin.accountserver.web;

import org.jspecify.annotations.NullMarked;
