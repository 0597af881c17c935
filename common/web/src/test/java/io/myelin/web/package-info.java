/** The web layer on a real Jetty, as clients meet it. */
@NullMarked
package io.myelin.web;

import org.jspecify.annotations.NullMarked;
