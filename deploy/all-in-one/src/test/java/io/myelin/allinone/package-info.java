/** A server as its operator meets it: processes, signals, ports, files. */
@NullMarked
package io.myelin.allinone;

import org.jspecify.annotations.NullMarked;
