/** Places where two devices meet to log one of them in by the other. MSC4108 and MSC4388. */
@NullMarked
package io.myelin.accountserver.rendezvous;

import org.jspecify.annotations.NullMarked;
