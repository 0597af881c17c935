/** Network addresses: where a request comes from, as far as that can be believed. */
@NullMarked
package io.myelin.web.address;

import org.jspecify.annotations.NullMarked;
