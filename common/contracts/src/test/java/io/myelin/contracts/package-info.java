@NullMarked
package io.myelin.contracts;

import org.jspecify.annotations.NullMarked;
