@NullMarked
package io.myelin.presenceserver;

import org.jspecify.annotations.NullMarked;
