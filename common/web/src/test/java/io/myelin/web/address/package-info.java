@NullMarked
package io.myelin.web.address;

import org.jspecify.annotations.NullMarked;
