/** Network addresses: where a request comes from, as far as its headers can be trusted. */
@NullMarked
package io.myelin.web.address;

import org.jspecify.annotations.NullMarked;
