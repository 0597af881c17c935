@NullMarked
package io.myelin.typingserver;

import org.jspecify.annotations.NullMarked;
