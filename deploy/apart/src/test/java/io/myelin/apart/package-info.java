/** Tests of the supervisor: its plan and the gateway's rules by themselves, then real processes, then all of it. */
@NullMarked
package io.myelin.apart;

import org.jspecify.annotations.NullMarked;
