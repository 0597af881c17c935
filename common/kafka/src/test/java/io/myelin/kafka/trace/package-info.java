@NullMarked
package io.myelin.kafka.trace;

import org.jspecify.annotations.NullMarked;
