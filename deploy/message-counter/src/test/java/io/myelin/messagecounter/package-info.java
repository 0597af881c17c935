/** What holds for every service. */
@NullMarked
package io.myelin.messagecounter;

import org.jspecify.annotations.NullMarked;
