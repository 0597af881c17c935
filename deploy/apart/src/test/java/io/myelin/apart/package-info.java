/** Tests of the supervisor: its plan and the gateway's rules alone, then real processes, then the whole server. */
@NullMarked
package io.myelin.apart;

import org.jspecify.annotations.NullMarked;
