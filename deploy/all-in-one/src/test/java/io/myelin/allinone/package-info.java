/** Tests the server as an operator sees it: processes, signals, ports, files. */
@NullMarked
package io.myelin.allinone;

import org.jspecify.annotations.NullMarked;
