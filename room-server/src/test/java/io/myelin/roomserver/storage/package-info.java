/** Tests of how the tables store and rebuild values. */
@NullMarked
package io.myelin.roomserver.storage;

import org.jspecify.annotations.NullMarked;
