@NullMarked
package io.myelin.outbound;

import org.jspecify.annotations.NullMarked;
